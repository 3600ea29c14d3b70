import type { AST } from '@eslint-community/regexpp';

/** Code points as ranges, sorted and apart from each other. */
export type CodePoints = readonly (readonly [first: number, last: number])[];

export const LAST_CODE_POINT = 0x10_ffff;

const DIGIT: CodePoints = [[0x30, 0x39]];

const WORD: CodePoints = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];

/** WhiteSpace and LineTerminator of ECMA-262. */
const SPACE: CodePoints = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const LINE_ENDS: CodePoints = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

/** What one character of a pattern matches, with no flag but `u`. Undefined for sets of the flag `v`. */
export function codePointsOf(
  node: AST.Character | AST.CharacterSet | AST.CharacterClass,
): CodePoints | undefined {
  if (node.type === 'Character') return [[node.value, node.value]];
  if (node.type === 'CharacterSet') return setOf(node);
  const parts = node.elements.map((element) => {
    if (element.type === 'CharacterClassRange') return [[element.min.value, element.max.value]] as const;
    return element.type === 'Character' || element.type === 'CharacterSet'
      ? codePointsOf(element)
      : undefined;
  });
  if (parts.includes(undefined)) return undefined;
  const union = joined(parts.flatMap((part) => part ?? []));
  return node.negate ? inverse(union) : union;
}

function setOf(node: AST.CharacterSet): CodePoints | undefined {
  if (node.kind === 'any') return inverse(LINE_ENDS);
  if (node.kind === 'property') return node.strings ? undefined : propertyOf(node.raw);
  const plain = { digit: DIGIT, space: SPACE, word: WORD }[node.kind];
  return node.negate ? inverse(plain) : plain;
}

/** The engine itself knows best which characters have a property: all of them are tried, once for each property. */
function propertyOf(raw: string): CodePoints {
  const known = PROPERTIES.get(raw);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${raw}$`, 'u');
  const found: [number, number][] = [];
  for (let at = 0; at <= LAST_CODE_POINT; at += 1) {
    if (!pattern.test(String.fromCodePoint(at))) continue;
    const last = found.at(-1);
    if (last?.[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  }
  PROPERTIES.set(raw, found);
  return found;
}

const PROPERTIES = new Map<string, CodePoints>();

function joined(ranges: CodePoints): CodePoints {
  const found: [number, number][] = [];
  for (const [first, last] of [...ranges].sort(([left], [right]) => left - right)) {
    const before = found.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else found.push([first, last]);
  }
  return found;
}

export function inverse(ranges: CodePoints): CodePoints {
  const found: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) found.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) found.push([next, LAST_CODE_POINT]);
  return found;
}

/**
 * Every way of being in some of the sets and out of the others, in none of them included: what a
 * matcher does at a character depends on nothing else.
 */
export function memberships(sets: readonly CodePoints[]): ReadonlySet<number>[] {
  const edges = new Map<number, { readonly enter: number[]; readonly leave: number[] }>();
  const at = (point: number) => {
    const known = edges.get(point) ?? { enter: [], leave: [] };
    edges.set(point, known);
    return known;
  };
  for (const [index, set] of sets.entries()) {
    for (const [first, last] of set) {
      at(first).enter.push(index);
      at(last + 1).leave.push(index);
    }
  }
  const inside = new Set<number>();
  const found = new Map<string, ReadonlySet<number>>([['', new Set()]]);
  for (const [, { enter, leave }] of [...edges].sort(([left], [right]) => left - right)) {
    for (const index of leave) inside.delete(index);
    for (const index of enter) inside.add(index);
    found.set([...inside].sort((left, right) => left - right).join(), new Set(inside));
  }
  return [...found.values()];
}
