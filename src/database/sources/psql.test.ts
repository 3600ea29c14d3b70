import { expect, test } from 'vitest';
import { readPsql } from './psql.ts';

const withoutPsql = (text: string): string => readPsql(text).sql;

const shape = (text: string): string => withoutPsql(text).replaceAll(/ +$/gm, '');

test('meta-commands are blanked and every line stays where it is', () => {
  const text = '\\restrict abc\nSELECT 1;\n\\connect shop\nSELECT 2;\n';
  expect(withoutPsql(text)).toHaveLength(text.length);
  expect(shape(text)).toBe('\nSELECT 1;\n\nSELECT 2;\n');
});

test('the rows of a COPY are blanked, whatever they hold', () => {
  const text = "COPY public.t (a, b) FROM stdin;\n1\t'x\n2\t$$;\\N\n\\.\n\nSELECT 1;\n";
  expect(shape(text)).toBe('COPY public.t (a, b) FROM stdin;\n\n\n\n\nSELECT 1;\n');
});

test.each([
  ['a string', String.raw`SELECT 'a\b;';`],
  ['an escape string', String.raw`SELECT E'it\'s \\ ;';`],
  ['a dollar quote', String.raw`CREATE FUNCTION f() AS $x$ \d 'open $x$;`],
  ['a quoted name', String.raw`SELECT "a\b";`],
  ['a nested comment', String.raw`/* a /* \b */ \c */ SELECT 1;`],
  ['a line comment', 'SELECT 1; -- \\d\nSELECT 2;'],
])('a backslash inside %s is no meta-command', (_name, text) => {
  expect(withoutPsql(text)).toBe(text);
});
