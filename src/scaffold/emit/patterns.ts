import type { PatternChoice } from '../patterns/choice.ts';
import { quoteString } from './quote.ts';

/**
 * A regular expression of a document as code, or undefined when no engine can be trusted with it. The
 * text is passed as a string wherever something in it could end a literal.
 */
export function printPattern(
  pattern: string,
  choice: PatternChoice,
  linear: () => string,
): string | undefined {
  if (choice.engine === 'none') return undefined;
  if (choice.engine === 'linear') {
    return `${linear()}(${quoteString(pattern)}, ${quoteString(choice.source)})`;
  }
  const { flags } = choice;
  return isPlain(pattern) ? `/${pattern}/${flags}` : constructed(pattern, flags);
}

/** Patterns of printable ASCII without a slash, and not empty, are the same as a literal. */
const isPlain = (pattern: string): boolean => /^[ -.0-~]+$/.test(pattern) && !pattern.startsWith('*');

const constructed = (pattern: string, flags: string): string =>
  `new RegExp(${quoteString(pattern)}${flags === '' ? '' : `, '${flags}'`})`;

/** What is said of a pattern that is not enforced. */
export function patternRemark(pattern: string, choice: PatternChoice): { code: string; message: string } {
  const shown = JSON.stringify(pattern.length > MAX_SHOWN ? `${pattern.slice(0, MAX_SHOWN)}...` : pattern);
  return choice.engine === 'none' && choice.reason === 'unsafe'
    ? { code: 'SCF050', message: `the pattern ${shown} could take for ever to match; it is not checked` }
    : { code: 'SCF008', message: `the pattern ${shown} is no regular expression of ECMAScript` };
}

const MAX_SHOWN = 200;
