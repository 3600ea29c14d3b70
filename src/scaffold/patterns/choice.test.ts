import { type AST, RegExpParser } from '@eslint-community/regexpp';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { CATASTROPHES, HARMLESS } from '../../../test/scaffold/hostile/catastrophes.ts';
import { Backtracking, TooManySteps } from '../../../test/support/backtracking.ts';
import { PatternChooser } from './choice.ts';
import { linearSource } from './linear.ts';

const parser = new RegExpParser({ ecmaVersion: 2024 });
const parse = (pattern: string): AST.Pattern =>
  parser.parsePattern(pattern, undefined, undefined, { unicode: true });

describe('which engine a pattern is matched by', () => {
  test.each(CATASTROPHES)('$pattern: $engine', ({ pattern, engine, attack }) => {
    expect(new PatternChooser().choose(pattern).engine).toBe(engine);
    // The list is what it says: a backtracking matcher is lost already at a short attack.
    if (!/\\[1-9]/.test(pattern)) {
      const matcher = new Backtracking(parse(pattern), 100 * 600);
      expect(() => matcher.test(attack(600))).toThrow(TooManySteps);
    }
  });

  test.each(HARMLESS)('%s: native', (pattern) => {
    expect(new PatternChooser().choose(pattern).engine).toBe('native');
  });

  test.each([
    ['no regular expression', '(', 'invalid'],
    ['longer than is looked at', `^${'a'.repeat(30_000)}$`, 'invalid'],
    ['of a newer ECMAScript', '(?i:a)', 'invalid'],
    ['a repetition that RE2 refuses', '(a+)+b{1001}c{1001}', 'unsafe'],
  ])('%s', (_what, pattern, reason) => {
    expect(new PatternChooser().choose(pattern)).toEqual({ engine: 'none', reason });
  });

  test('the work for all patterns of a document is bounded, and the bound is the same everywhere', () => {
    const chooser = new PatternChooser();
    const engines = Array.from({ length: 400 }, (_, at) => chooser.choose(`[abc]*a[abc]{16}d{${at}}`).engine);
    expect(new Set(engines)).toEqual(new Set(['none']));
    expect(chooser.choose('^[a-z]+$').engine).toBe('none');
  });
});

const atom = fc.constantFrom(
  ...['a', 'b', '.', '\\s', '\\S', '\\d', '\\D', '\\w', '\\W', '[ab]', '[^a]', '[^]', '[]', '\\u{1f600}'],
  ...['[\\u{1f600}-\\u{1f610}a]', '\\p{L}', '\\P{Lu}', '[\\p{N}_-]', '[^\\p{L}\\s]', '\\x41', '\\cA', '\\0'],
  ...['\\/', '\\.', '[.\\-\\]]', 'é', '-', ' ', '#', '\\t', '\\v', '\\f', '\\u2028', '"'],
);
const assertion = fc.constantFrom('^', '$', '\\b');
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?');

/** Patterns of everything that RE2 and ECMAScript both have. */
const pattern = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: fc.tuple(atom, quantifier).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: assertion },
    {
      weight: 2,
      arbitrary: fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { minLength: 1, maxLength: 3 }), quantifier)
        .map(([parts, times]) => `(?:${parts.join('|')})${times}`),
    },
  ),
})).part;

const CHARACTERS = [
  ...[
    'a',
    'b',
    'A',
    '1',
    '_',
    '-',
    ' ',
    '\n',
    '\r',
    '\u2028',
    '\u{1f600}',
    '\ud83d',
    '\ude00',
    'é',
    '\ufeff',
  ],
  ...['\v', '\0', '.', '"', '/', ']', 'Z', '\u0663', '\u01c5'],
];
const text = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 8 });

test('the linear engine accepts exactly what ECMAScript accepts', () => {
  let compared = 0;
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 10, maxLength: 10 }), (source, texts) => {
      const linear = linearSource(parse(source));
      if (linear === undefined) return;
      const [native, engine] = [new RegExp(source, 'u'), RE2JS.compile(linear)];
      compared += texts.length;
      expect(
        texts.filter((one) => native.test(one) !== engine.test(one)),
        linear,
      ).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
  expect(compared).toBeGreaterThan(10_000);
});

/** Short texts over and over, between others: what makes backtracking matchers slow. */
const attack = fc
  .record({
    start: fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 3 }),
    pumped: fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '-'), minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('', '!', '\n', 'a!', 'b', ' '),
  })
  .map(({ start, pumped, end }) => start + pumped.repeat(600 / pumped.length) + end);

const simple = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('a', 'b', '[ab]', '.', '\\d', '\\w', '[^a]', ' ', '\\s'), quantifier)
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '(?=a)', '(?!.*b)', '(?<!a)') },
    {
      weight: 2,
      arbitrary: fc.array(tie('part'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { minLength: 1, maxLength: 2 }), quantifier)
        .map(([parts, times]) => `(?:${parts.join('|')})${times}`),
    },
  ),
})).part;

test('what stays with the engine of JavaScript takes a backtracking matcher few steps for each character', () => {
  const chooser = new PatternChooser({ ofAll: Number.POSITIVE_INFINITY });
  const counts = { native: 0, linear: 0, none: 0 };
  fc.assert(
    fc.property(simple, fc.array(attack, { minLength: 6, maxLength: 6 }), (source, texts) => {
      const { engine } = chooser.choose(source);
      counts[engine] += 1;
      if (engine !== 'native') return;
      const matcher = new Backtracking(parse(source), 500 * 600);
      for (const one of texts) matcher.test(one);
    }),
    { numRuns: 1_000 },
  );
  expect(counts.native).toBeGreaterThan(300);
  expect(counts.linear).toBeGreaterThan(100);
});
