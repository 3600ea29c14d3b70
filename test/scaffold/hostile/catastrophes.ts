/** A pattern that some text makes a backtracking matcher slow, and that text, of about a given length. */
export interface Catastrophe {
  readonly pattern: string;
  readonly attack: (length: number) => string;
  /** What it must be matched by: `none` is not at all, with a diagnostic. */
  readonly engine: 'linear' | 'none';
}

const pumped =
  (piece: string, end: string, start = '') =>
  (length: number): string =>
    start + piece.repeat(Math.ceil(length / piece.length)) + end;

/**
 * Known from advisories, papers and real contracts: exponential (nested and overlapping repetitions),
 * polynomial (neighbours that overlap, searches without an anchor), and with assertions and backreferences.
 */
export const CATASTROPHES: readonly Catastrophe[] = [
  { pattern: '^(a+)+$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '(a+)+$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(a|a)*$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(a|aa)+$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(a*)*$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(a?){20}a{20}$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^([a-zA-Z]+)*$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(\\w+\\s?)*$', attack: pumped('a', '!'), engine: 'linear' },
  { pattern: '^(\\d+)+-(\\d+)+$', attack: pumped('1', '!'), engine: 'linear' },
  { pattern: '^(([a-z])+.)+[A-Z]([a-z])+$', attack: pumped('a', ''), engine: 'linear' },
  { pattern: '^(.*?,){11}P', attack: pumped(',1', ''), engine: 'linear' },
  { pattern: '(x+x+)+y', attack: pumped('x', ''), engine: 'linear' },
  { pattern: '^(?:.*a){6}$', attack: pumped('a', 'b'), engine: 'linear' },
  { pattern: '^(\\p{L}|\\p{Lu})+$', attack: pumped('É', '!'), engine: 'linear' },
  {
    pattern:
      '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    attack: pumped('a', '!'),
    engine: 'linear',
  },
  { pattern: '\\s+$', attack: pumped(' ', 'x'), engine: 'linear' },
  { pattern: '^\\s+|\\s+$', attack: pumped(' ', 'x', 'x'), engine: 'linear' },
  { pattern: '.*\\S.*', attack: pumped(' ', ''), engine: 'linear' },
  { pattern: '[0-9]+[a-z]', attack: pumped('1', ''), engine: 'linear' },
  { pattern: '(.*)(.*)(.*)=', attack: pumped('a', ''), engine: 'linear' },
  { pattern: '^.+/.+$', attack: pumped('/', '\n'), engine: 'linear' },
  { pattern: '[^@]+@[^.]+\\..+', attack: pumped('@a', ''), engine: 'linear' },
  { pattern: '<[^>]*>$', attack: pumped('<', ''), engine: 'linear' },
  { pattern: 'a{1,500}x', attack: pumped('a', ''), engine: 'linear' },
  { pattern: '^(.+)@\\1$', attack: pumped('a@', 'a'), engine: 'none' },
  { pattern: '(a+)\\1$', attack: pumped('a', '!'), engine: 'none' },
  { pattern: '^((?!b)a|a)+$', attack: pumped('a', '!'), engine: 'none' },
  { pattern: '(?=.*x)(?=.*y).*', attack: pumped('a', ''), engine: 'none' },
  { pattern: '[abc]*a[abc]{16}d', attack: pumped('abcbacaabb', ''), engine: 'none' },
];

/** Patterns of real contracts that look alike and are harmless: they stay with JavaScript's own engine. */
export const HARMLESS: readonly string[] = [
  '^[a-z]+$',
  '^[A-Z]{2}-[0-9]{1,10}$',
  '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  '^(?=.*[A-Z])(?=.*\\d).{8,}$',
  '^(?!.*\\.\\.)[a-z.]+$',
  '^((?!-)[a-z0-9-]{1,63}(?<!-)\\.)+[a-z]{2,}$',
  '^[^@\\s]+@[^@\\s]+$',
  '^.{1,10000}$',
  '^\\p{Lu}[\\p{L} ]*$',
  '^(\\+|-)?\\d+(\\.\\d+)?$',
  '^(([a-zA-Z]|[a-zA-Z][a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z]|[A-Za-z][A-Za-z0-9\\-]*[A-Za-z0-9])$',
  '\\S',
  'x-',
  '^(?:[a|b|c])(,\\d+)*$',
  '^(["\']).{1,9}\\1$',
  '^\\-\\_$',
  '^[abc]*a[abc]{16}d$',
];
