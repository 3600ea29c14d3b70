import { describe, expect, test } from 'vitest';
import { CLI_CODES } from '../src/cli/codes.ts';
import { CORE_CODES } from '../src/core/codes.ts';
import type { CodeCatalogue } from '../src/core/diagnostic.ts';
import { DATABASE_CODES } from '../src/database/codes.ts';
import { filesBelow, readText } from './support/repository.ts';

const CATALOGUES: readonly CodeCatalogue[] = [CLI_CODES, CORE_CODES, DATABASE_CODES];

const codes = CATALOGUES.flatMap((catalogue) => Object.keys(catalogue));
const CODE = /\b(?:CLI|CORE|SCF|LOAD|DB|DEC|GRL|SKL|DEMO)\d{3}\b/g;

const mentioned = (files: readonly string[]): Set<string> =>
  new Set(files.flatMap((file) => readText(file).match(CODE) ?? []));

describe('error codes', () => {
  test('no code stands in two catalogues', () => {
    expect(codes.length).toBe(new Set(codes).size);
  });

  test('docs/errors.md explains every code in the words of its catalogue, and no other', () => {
    const page = readText('docs/errors.md');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, code, title, help]) => [
      code,
      { title, help },
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.assign({}, ...CATALOGUES));
  });

  test('the sources use every code and only codes of the catalogues', () => {
    const sources = filesBelow('src', '.ts').filter((file) => !/codes\.ts$|\.test\.ts$/.test(file));
    expect([...mentioned(sources)].sort()).toEqual([...codes].sort());
  });
});
