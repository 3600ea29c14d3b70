import { quoteString } from './quote.ts';

/**
 * A regular expression of a document as code, or undefined when JavaScript cannot compile it. JSON
 * Schema patterns are ECMA-262 with the `u` flag; documents written without it in mind get none.
 * The text is passed as a string, so that nothing in it can end the literal.
 */
export function printPattern(pattern: string): string | undefined {
  if (compile(pattern, 'u') !== undefined) {
    return isPlain(pattern) ? `/${pattern}/u` : constructed(pattern, 'u');
  }
  if (IS_FOREIGN.test(pattern) || compile(pattern, '') === undefined) return undefined;
  return constructed(pattern, '');
}

/**
 * Escapes that mean a class or an anchor to other regular expressions (and with the `u` flag), but a
 * plain letter without the flag: `\p{Alnum}`, `\A`, `\z`. Enforced as written, they would refuse good values.
 */
const IS_FOREIGN = /(?<!\\)(?:\\\\)*\\(?:[pPu]\{|[AZz])/;

function compile(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

/** Patterns of printable ASCII without a slash, and not empty, are the same as a literal. */
const isPlain = (pattern: string): boolean => /^[ -.0-~]+$/.test(pattern) && !pattern.startsWith('*');

const constructed = (pattern: string, flags: string): string =>
  `new RegExp(${quoteString(pattern)}${flags === '' ? '' : `, '${flags}'`})`;
