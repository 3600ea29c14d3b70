import { quoteString } from '../emit/quote.ts';
import { routeKey } from '../emit/route-keys.ts';
import { escapeRegExp, parameterSource, type Segment } from '../model/routes.ts';
import { decodedText } from './path-pattern.ts';

/** A path in the syntax of find-my-way, as the printed string. */
export const printUrl = (segments: readonly Segment[]): string =>
  quoteString(segments.map((segment) => `/${printSegment(segment)}`).join(''));

/**
 * find-my-way compares text with the decoded path. A parameter that shares its segment gets its
 * pattern spelled out; it is the one that path-to-regexp gives it: the text before a parameter ends
 * the parameter before that.
 */
function printSegment(segment: Segment): string {
  const [only] = segment;
  if (segment.length === 1 && only !== undefined && 'parameter' in only)
    return `:${routeKey(only.parameter)}`;
  let seen = false;
  return segment
    .map((part, at) => {
      if ('text' in part) {
        const text = decodedText(part.text);
        return seen ? escapeColons(text) : printLead(text, at);
      }
      seen = true;
      return `:${routeKey(part.parameter)}(${parameterSource(segment.map(decodedPart), at, '[\\s\\S]')})`;
    })
    .join('');
}

const decodedPart = (part: Segment[number]): Segment[number] =>
  'text' in part ? { text: decodedText(part.text) } : part;

/** Characters that find-my-way cannot match as text stand in parameters of their own. */
const printLead = (text: string, at: number): string =>
  escapeColons(text).replaceAll(
    /[*?#]+/g,
    (special, offset: number) => `:text${at}_${offset}(${escapeRegExp(special)})`,
  );

const escapeColons = (text: string): string => text.replaceAll(':', '::');
