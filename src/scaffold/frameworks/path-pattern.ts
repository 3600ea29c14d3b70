import { quoteString } from '../emit/quote.ts';
import type { ApiModel } from '../model/api.ts';
import { type Segment, segmentSource, segmentsOf } from '../model/routes.ts';

/** The paths that a template matches, as a regular expression literal. */
export const pathPattern = (segments: readonly Segment[]): string =>
  `/^${segments.map((segment) => `\\/${segmentSource(encoded(segment))}`).join('')}$/u`;

const encoded = (segment: Segment): Segment => segment.map(encodedPart);

export const encodedPart = (part: Segment[number]): Segment[number] =>
  'text' in part ? { text: encodedText(part.text) } : part;

/** Text of a template as requests carry it: percent-encoded once, whether or not the document has done so. */
export const encodedText = (text: string): string =>
  encodeURI(decodedText(text)).replaceAll(/[?#]/g, encodeURIComponent);

/** Text of a template without percent-encoding. */
export function decodedText(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** Every path with its methods, as the list that runtime/contract.ts reads. HEAD is answered wherever GET is, OPTIONS everywhere. */
export function printPaths(model: ApiModel): string {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of model.operations) {
    const names = methods.get(path) ?? new Set();
    methods.set(path, names.add(method.toUpperCase()));
    if (method === 'get') names.add('HEAD');
  }
  const entries = [...methods].map(([path, names]) => {
    const list = [...names].sort().map(quoteString).join(', ');
    return `[${pathPattern(segmentsOf(path))}, [${list}]],`;
  });
  return entries.length === 0 ? '[]' : `[\n${entries.join('\n')}\n]`;
}
