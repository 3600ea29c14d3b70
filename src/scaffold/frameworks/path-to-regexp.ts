import { quoteString } from '../emit/quote.ts';
import { routeKey } from '../emit/route-keys.ts';
import { escapeRegExp, parameterSource, type Segment } from '../model/routes.ts';
import { encodedPart, encodedText } from './path-pattern.ts';

/**
 * A path in the syntax of path-to-regexp 8, as the printed string; or a regular expression where two
 * parameters touch, for which that syntax has no words.
 */
export function printPath(segments: readonly Segment[]): {
  readonly text: string;
  readonly isPattern: boolean;
} {
  if (segments.some(hasTouchingParameters)) {
    const source = segments.map((segment) => `\\/${segment.map(printGroup).join('')}`).join('');
    return { text: `/^${source}$/`, isPattern: true };
  }
  const path = segments.map((segment) => `/${segment.map(printPart).join('')}`).join('');
  return { text: quoteString(path), isPattern: false };
}

/** Whether a segment has two parameters with nothing between them. */
const hasTouchingParameters = (segment: Segment): boolean =>
  segment.some((part, at) => 'parameter' in part && 'parameter' in (segment[at + 1] ?? {}));

const printGroup = (part: Segment[number], at: number, segment: Segment): string =>
  'text' in part
    ? escapeRegExp(encodedText(part.text))
    : `(?<${routeKey(part.parameter)}>${parameterSource(segment.map(encodedPart), at, '[^/]')})`;

function printPart(part: Segment[number], at: number, segment: Segment): string {
  if ('text' in part) return encodedText(part.text).replaceAll(/[{}()[\]+?!:*\\]/g, '\\$&');
  const key = routeKey(part.parameter);
  const next = segment[at + 1];
  const touchesName = next !== undefined && 'text' in next && /^[\w$]/.test(next.text);
  return touchesName ? `:"${key}"` : `:${key}`;
}
