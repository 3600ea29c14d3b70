import { RegExpParser } from '@eslint-community/regexpp';
import fc from 'fast-check';
import { pathToRegexp } from 'path-to-regexp';
import { expect, test } from 'vitest';
import { Backtracking } from '../../../test/support/backtracking.ts';
import { segmentsOf } from '../model/routes.ts';
import { PatternChooser } from '../patterns/choice.ts';
import { printUrl } from './find-my-way.ts';
import { pathPattern } from './path-pattern.ts';
import { printPath } from './path-to-regexp.ts';

/** What a printed literal says. */
const evaluated = (literal: string): unknown => new Function(`return ${literal}`)();

/** Templates of parameters and text in any order within a segment, text that means something to a pattern included. */
const template = fc
  .array(
    fc.array(
      fc.oneof(
        fc.constantFrom(
          'a',
          '-',
          '.',
          '..',
          '--',
          '(',
          ')',
          '+',
          '*',
          '[',
          ']',
          '|',
          '^',
          '$',
          '\\',
          "'",
          'é',
          '%2F',
          '~',
          ' ',
        ),
        fc.nat(9).map((at) => `{p${at}}`),
      ),
      { minLength: 1, maxLength: 9 },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((segments) => {
    let count = 0;
    // A template does not name a parameter twice.
    return segments
      .map((parts) => `/${parts.map((part) => part.replace(/\{p\d\}/, () => `{p${count++}}`)).join('')}`)
      .join('');
  });

const parser = new RegExpParser({ ecmaVersion: 2024 });

/** Paths of the template's own text over and over, which end so that no route fits. */
const attacks = (path: string): string[] => {
  const texts = path.split(/\{[^}]*\}|\//).filter((text) => text !== '');
  const pieces = [...texts, texts.join('x'), `x${texts.join('')}`, 'x'];
  return pieces.flatMap((piece) =>
    ['', '/', '/x/'].map((end) => `/${piece.repeat(300 / piece.length)}${end}`),
  );
};

/** Whether a pattern takes few steps: proved where the analysis can, else counted on attacks. */
function isQuick({ source }: RegExp, path: string, chooser: PatternChooser): boolean {
  if (chooser.choose(source).engine === 'native') return true;
  const matcher = new Backtracking(parser.parsePattern(source), 100 * 300);
  for (const attack of attacks(path)) matcher.test(attack);
  return true;
}

test('no template of a document gives a route that a path could make slow', () => {
  const chooser = new PatternChooser({ ofAll: Number.POSITIVE_INFINITY });
  fc.assert(
    fc.property(template, (path) => {
      const segments = segmentsOf(path);
      const { text, isPattern } = printPath(segments);
      const printed = evaluated(text);
      const route = isPattern ? (printed as RegExp) : pathToRegexp(printed as string).regexp;
      const own = evaluated(pathPattern(segments)) as RegExp;
      expect([own, route].every((one) => isQuick(one, path, chooser))).toBe(true);
      expect(evaluated(printUrl(segments))).toMatch(/^\//);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['/files/{name}.{ending}', '/files/a.b.c', { name: 'a.b', ending: 'c' }],
  ['/{a}{b}', '/xyz', { a: 'xy', b: 'z' }],
  ['/{base}...{head}', '/a..b...c', { base: 'a..b', head: 'c' }],
])('%s takes %s apart', (path, request, wanted) => {
  const { text, isPattern } = printPath(segmentsOf(path));
  const regexp = isPattern ? (evaluated(text) as RegExp) : undefined;
  const match = regexp === undefined ? pathToRegexp(evaluated(text) as string) : undefined;
  const found =
    regexp?.exec(request)?.groups ?? namesOf(match?.keys ?? [], match?.regexp.exec(request) ?? []);
  expect({ ...found }).toEqual(wanted);
  expect((evaluated(pathPattern(segmentsOf(path))) as RegExp).test(request)).toBe(true);
});

const namesOf = (
  keys: readonly { readonly name: string }[],
  match: readonly string[],
): Record<string, string> => Object.fromEntries(keys.map(({ name }, at) => [name, match[at + 1] ?? '']));
