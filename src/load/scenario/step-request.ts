// Makes the bytes of a step's request for one user at one time.
import { escapeInUrl, escapeNothing, fillBody, fillTemplate, type Row } from '../feeder.ts';
import type { Header, RequestSpec } from '../request.ts';
import type { Step } from './scenario.ts';

/** A request before it is bytes: what a redirect changes. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
}

/**
 * Fills in the step's texts. A path that is one value alone, such as a captured `Location`, is taken as it
 * is, without its host. Errors: LOAD011 for a name without a value.
 */
export function fillStep({ method, path, headers, body }: Step, values: Row, origin: string): Outgoing {
  const whole = /^\{\{[^{}]+\}\}$/.test(path);
  const written = fillTemplate(path, values, whole ? escapeNothing : escapeInUrl);
  const url = URL.canParse(written, origin) ? new URL(written, origin) : new URL(origin);
  const filled = headers.map(
    ([name, value]): Header => [name, oneLine(fillTemplate(value, values, escapeNothing))],
  );
  const outgoing = { method, path: url.pathname + url.search, headers: filled };
  if (body === undefined) return outgoing;
  return { ...outgoing, body: typeof body === 'string' ? fillBody(body, values) : body };
}

/** A captured value must not begin another header. */
const oneLine = (value: string): string => value.replaceAll(/\p{Cc}+/gu, ' ');

/** The request with headers that go before its own. */
export function completeOutgoing({ method, headers, body }: Outgoing, more: readonly Header[]): RequestSpec {
  const replaced = new Set(more.map(([name]) => name.toLowerCase()));
  const kept = headers.filter(([name]) => !replaced.has(name.toLowerCase()));
  return { method, headers: [...kept, ...more], ...(body === undefined ? {} : { body }) };
}

/** The statuses that lead elsewhere. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The request that an answer leads to; undefined when it leads nowhere, or to another origin: load belongs
 * on the host that was named, and its credentials too. 303, and 301 and 302 after POST, become GET
 * (RFC 9110, 15.4).
 */
export function redirected(
  from: Outgoing,
  status: number,
  location: string | undefined,
  origin: string,
): Outgoing | undefined {
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  const base = `${origin}${from.path}`;
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (url === undefined || url.origin !== origin) return undefined;
  const path = url.pathname + url.search;
  const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  if (!becomesGet) return { ...from, path };
  const headers = from.headers.filter(([name]) => !/^content-(type|length|encoding)$/i.test(name));
  return { method: 'GET', path, headers };
}
