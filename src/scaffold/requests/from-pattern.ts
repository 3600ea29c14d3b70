// Texts that match a regular expression, made from its syntax.
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { codePointsOf } from '../patterns/code-points.ts';
import { between, pick, type Random } from './random.ts';

/** Repetitions without an end, and very long ones, are made no longer than this beyond their least. */
const MOST_MORE = 8;
const LONGEST = 10_000;

/**
 * A text that the pattern should match: lookarounds are not looked at and backreferences repeat nothing, so
 * that the caller has to check it. Undefined when the pattern is none, or only matches what is too long.
 */
export function textOfPattern(pattern: string, random: Random): string | undefined {
  for (const unicode of [true, false]) {
    try {
      const parsed = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern, undefined, undefined, {
        unicode,
      });
      const text = alternatives(parsed.alternatives, random);
      return text.length > LONGEST ? undefined : text;
    } catch {
      // Without the flag, or not at all.
    }
  }
  return undefined;
}

const alternatives = (list: readonly AST.Alternative[], random: Random): string => {
  let text = '';
  for (const node of pick(random, list).elements) {
    text += element(node, random);
    if (text.length > LONGEST) throw new RangeError('too long');
  }
  return text;
};

function element(node: AST.Element, random: Random): string {
  switch (node.type) {
    case 'Group':
    case 'CapturingGroup':
      return alternatives(node.alternatives, random);
    case 'Character':
      return String.fromCodePoint(node.value);
    case 'CharacterSet':
    case 'CharacterClass':
      return oneOf(node, random);
    case 'Quantifier':
      return repeated(node, random);
    default:
      return '';
  }
}

function repeated({ element: part, min, max }: AST.Quantifier, random: Random): string {
  const count = between(random, min, Math.min(max, min + MOST_MORE));
  if (count > LONGEST) throw new RangeError('too long');
  let text = '';
  for (let at = 0; at < count && text.length <= LONGEST; at += 1) text += element(part, random);
  return text;
}

const PLAIN: readonly (readonly [number, number])[] = [
  [0x61, 0x7a],
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x20, 0x7e],
];

/** A character of a class: a letter or digit when it has one, which every server can take. */
function oneOf(node: Parameters<typeof codePointsOf>[0], random: Random): string {
  const ranges = codePointsOf(node);
  if (ranges === undefined || ranges.length === 0) throw new RangeError('no character');
  for (const [low, high] of PLAIN) {
    const within = ranges.filter(([first, last]) => first <= high && last >= low);
    const [first, last] = within.length === 0 ? [] : pick(random, within);
    if (first !== undefined && last !== undefined)
      return String.fromCodePoint(between(random, Math.max(low, first), Math.min(high, last)));
  }
  const [first, last] = pick(random, ranges);
  return String.fromCodePoint(between(random, first, Math.min(last, first + 50)));
}
