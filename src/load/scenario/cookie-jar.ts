import { parseHeader } from '../request.ts';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Milliseconds on the clock that `send` and `store` are given; Infinity: with the visit. */
  readonly until: number;
}

/** More of them, or longer ones, are not kept: the server chooses them. */
const MOST_COOKIES = 100;
const LONGEST_COOKIE = 4096;

/**
 * The cookies of one user on one origin (RFC 6265, 5.3 and 5.4). All requests of a run go to one host, so
 * domains are not compared; Secure has no meaning where the scheme never changes.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  clear(): void {
    this.#cookies.clear();
  }

  /** Takes in the Set-Cookie headers of an answer to a request for `path`; `now` in milliseconds. */
  store(headers: readonly (readonly [string, string])[], path: string, now: number): void {
    for (const [name, value] of headers) if (name === 'set-cookie') this.#storeOne(value, path, now);
  }

  /** The Cookie header for `path`; empty when there is none. Longer paths come first. */
  send(path: string, now: number): string {
    const own = path.split('?')[0] ?? '/';
    return [...this.#cookies.values()]
      .filter((cookie) => cookie.until > now && covers(cookie.path, own))
      .sort((left, right) => right.path.length - left.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #storeOne(text: string, requestPath: string, now: number): void {
    const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
    const equals = pair.indexOf('=');
    if (equals < 1 || pair.length > LONGEST_COOKIE || !isSendable(pair)) return;
    const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    const path = attributeOf(attributes, 'path');
    const cookie = {
      name,
      value,
      path: path?.startsWith('/') ? path : defaultPath(requestPath),
      until: untilOf(attributes, now),
    };
    const key = `${name} ${cookie.path}`;
    if (cookie.until <= now) this.#cookies.delete(key);
    else if (this.#cookies.has(key) || this.#cookies.size < MOST_COOKIES) this.#cookies.set(key, cookie);
  }
}

function attributeOf(attributes: readonly string[], wanted: string): string | undefined {
  const found = attributes.findLast((text) => text.toLowerCase().startsWith(`${wanted}=`));
  return found?.slice(wanted.length + 1).trim();
}

/** Max-Age goes before Expires (RFC 6265, 5.3). */
function untilOf(attributes: readonly string[], now: number): number {
  const age = attributeOf(attributes, 'max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return now + Number(age) * 1000;
  const expires = Date.parse(attributeOf(attributes, 'expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

function defaultPath(path: string): string {
  const own = path.split('?')[0] ?? '/';
  return own.lastIndexOf('/') < 1 ? '/' : own.slice(0, own.lastIndexOf('/'));
}

const covers = (cookiePath: string, path: string): boolean =>
  path === cookiePath ||
  (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'));

/** A value that could not stand in a header is not sent back. */
function isSendable(pair: string): boolean {
  try {
    return parseHeader(`Cookie: ${pair}`).length === 2;
  } catch {
    return false;
  }
}
