import type { AST } from '@eslint-community/regexpp';
import { codePointsOf } from './code-points.ts';

/** A part that RE2 has no words for. */
class Inexpressible extends Error {}

/**
 * The pattern in the syntax of RE2, meaning what it means to ECMAScript with the flag `u`: classes are
 * spelled out in code points, since RE2's `\s` and `.` are others. Undefined for lookarounds and backreferences.
 */
export function linearSource(pattern: AST.Pattern): string | undefined {
  try {
    return alternatives(pattern.alternatives);
  } catch (error) {
    if (error instanceof Inexpressible || error instanceof RangeError) return undefined;
    throw error;
  }
}

const alternatives = (list: readonly AST.Alternative[]): string =>
  list.map(({ elements }) => elements.map(element).join('')).join('|');

function element(node: AST.Element): string {
  switch (node.type) {
    case 'Group':
    case 'CapturingGroup':
      return `(?:${alternatives(node.alternatives)})`;
    case 'Character':
      return character(node.value);
    case 'CharacterSet':
    case 'CharacterClass':
      return characters(node);
    case 'Quantifier':
      return quantifier(node);
    case 'Assertion':
      return assertion(node);
    default:
      throw new Inexpressible();
  }
}

function quantifier({ element: repeated, min, max }: AST.Quantifier): string {
  if (repeated.type === 'Assertion') throw new Inexpressible();
  const most = Number.isFinite(max) ? String(max) : '';
  const written = min === max ? `{${min}}` : `{${min},${most}}`;
  return element(repeated) + (SHORT.get(written) ?? written);
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['{0,}', '*'],
  ['{1,}', '+'],
  ['{0,1}', '?'],
]);

function assertion(node: AST.Assertion): string {
  if (node.kind === 'start') return '\\A';
  if (node.kind === 'end') return '\\z';
  // JavaScript finds \B between the halves of a surrogate pair, RE2 does not.
  if (node.kind === 'word' && !node.negate) return '\\b';
  throw new Inexpressible();
}

/** Plain ASCII letters, digits and spaces as they are, everything else by its number. */
function character(value: number): string {
  // Half of a pair: RE2 reads whole characters.
  if (value >= 0xd800 && value <= 0xdfff) throw new Inexpressible();
  const text = String.fromCodePoint(value);
  if (/[\w @#%&,:;<=>~!"'`-]/.test(text)) return text;
  return value > 0x20 && value < 0x7f ? `\\${text}` : `\\x{${value.toString(16)}}`;
}

function characters(node: AST.CharacterSet | AST.CharacterClass): string {
  const property = node.type === 'CharacterSet' && node.kind === 'property' ? node : undefined;
  if (property !== undefined) return propertyText(property);
  if (node.type === 'CharacterClass' && node.elements.some(isProperty)) return mixedClass(node);
  const points = codePointsOf(node);
  if (points === undefined) throw new Inexpressible();
  return `[${points.length === 0 ? '^\\x{0}-\\x{10ffff}' : points.map(range).join('')}]`;
}

const isProperty = (
  part: AST.ClassRangesCharacterClassElement | AST.UnicodeSetsCharacterClassElement,
): boolean => part.type === 'CharacterSet' && part.kind === 'property';

const range = ([first, last]: readonly [number, number]): string =>
  first === last ? point(first) : `${point(first)}-${point(last)}`;

const point = (value: number): string => {
  const text = value < 0x80 ? String.fromCodePoint(value) : '';
  return /\w/.test(text) ? text : `\\x{${value.toString(16)}}`;
};

function mixedClass({ elements, negate }: AST.CharacterClass): string {
  const parts = elements.map((part) => {
    if (part.type === 'CharacterClassRange') return range([part.min.value, part.max.value]);
    if (part.type === 'Character') return point(part.value);
    if (part.type !== 'CharacterSet') throw new Inexpressible();
    if (part.kind === 'property') return propertyText(part);
    return (codePointsOf(part) ?? []).map(range).join('');
  });
  return `[${negate ? '^' : ''}${parts.join('')}]`;
}

/** General categories by their short names and scripts: what both know by one name. */
function propertyText(node: AST.CharacterSet): string {
  if (node.kind !== 'property' || node.strings) throw new Inexpressible();
  const { key, value, negate } = node;
  const isScript = key === 'Script' || key === 'sc';
  const isCategory = /^(?:[CLMNPSZ]|L[lmotu]|M[cen]|N[dlo]|P[cdefios]|S[ckmo]|Z[lps]|C[cfo])$/.test(
    value ?? key,
  );
  if (!isScript && !((value === null || key === 'General_Category' || key === 'gc') && isCategory)) {
    throw new Inexpressible();
  }
  return `\\${negate ? 'P' : 'p'}{${value ?? key}}`;
}
