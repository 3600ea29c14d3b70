import { quoteString } from './quote.ts';

/**
 * A regular expression of a document as code, or undefined when JavaScript cannot compile it. JSON
 * Schema patterns are ECMA-262 with the `u` flag; documents written without it in mind get none.
 * The text is passed as a string, so that nothing in it can end the literal.
 */
export function printPattern(pattern: string): string | undefined {
  for (const flags of ['u', '']) {
    const regex = compile(pattern, flags);
    if (regex !== undefined) return isPlain(pattern) ? `/${pattern}/${flags}` : constructed(pattern, flags);
  }
  return undefined;
}

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
