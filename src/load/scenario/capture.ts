import { RE2JS } from 're2js';
import type { KeptAnswer } from '../client/answer-keeper.ts';
import type { Capture } from './scenario.ts';

/** Finds a capture's value in answers; undefined when it is not there. */
export type Finder = (status: number, answer: KeptAnswer) => string | undefined;

/**
 * Prepares a capture. Patterns run in time linear in the answer, whatever they are (RE2): an answer is
 * the server's to choose, and must not be able to stop the run. Throws RE2JSException for a pattern that
 * is none.
 */
export function finderFor({ from, pattern }: Capture): Finder {
  const compiled = pattern === undefined ? undefined : RE2JS.compile(pattern);
  const find = SOURCES[from.kind](from as never);
  return (status, answer) => {
    const text = find(status, answer);
    return text === undefined || compiled === undefined ? text : firstMatch(compiled, text);
  };
}

type From = Capture['from'];
type Of<Kind extends From['kind']> = Extract<From, { readonly kind: Kind }>;

const SOURCES: { readonly [Kind in From['kind']]: (from: Of<Kind>) => Finder } = {
  json:
    ({ pointer }) =>
    (_status, { body }) =>
      textAt(parseJson(body()), pointer),
  header:
    ({ header }) =>
    (_status, { headers }) =>
      headers.find(([name]) => name === header.toLowerCase())?.[1],
  regex:
    () =>
    (_status, { body }) =>
      body(),
  status: () => (status) => String(status),
};

function firstMatch(pattern: RE2JS, text: string): string | undefined {
  const matcher = pattern.matcher(text);
  if (!matcher.find()) return undefined;
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()) ?? undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a JSON Pointer (RFC 6901, taken apart) leads to, as text; undefined when it leads nowhere. */
function textAt(document: unknown, pointer: readonly string[]): string | undefined {
  let value = document;
  for (const key of pointer) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
