import type { Schema } from '../model/schema.ts';
import { textOfFormat } from './formats.ts';
import { textOfPattern } from './from-pattern.ts';
import { letters, type Random } from './random.ts';

/** Long enough to be different each time: twelve letters are 56 bits. */
const USUAL_LENGTH = 12;
const LONGEST = 100_000;

/** A text of its pattern, else of its format, else of letters; within its length where these allow it. */
export function madeText(
  { pattern, format, minLength = 0, maxLength = LONGEST }: Schema,
  random: Random,
): string {
  const special =
    (pattern === undefined ? undefined : textOfPattern(pattern, random)) ??
    (format === undefined ? undefined : textOfFormat(format, random));
  const length = Math.min(LONGEST, maxLength, Math.max(minLength, USUAL_LENGTH));
  if (special === undefined) return letters(random, length);
  const missing = Math.min(LONGEST, minLength - special.length);
  if (missing <= 0) return special;
  // Longer at its end where a pattern lets it go on, at its start for formats such as email.
  return pattern === undefined
    ? `${letters(random, missing)}${special}`
    : `${special}${letters(random, missing)}`;
}
