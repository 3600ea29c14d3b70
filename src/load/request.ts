import { UserError } from '../core/errors.ts';
import type { Target } from './target.ts';

export type Header = readonly [name: string, value: string];

/** A request as it is asked for, before it is bytes. */
export interface RequestSpec {
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// A field value may hold anything but control characters (RFC 9110, 5.5).
const FIELD_VALUE = /^(?:\t|\P{Cc})*$/u;

/** `Name: Value` as a header. Errors: LOAD002. */
export function parseHeader(text: string): Header {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon)).trim();
  const value = text.slice(colon + 1).trim();
  if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) {
    throw new UserError('LOAD002', `${JSON.stringify(text)} is not a header`, {
      kind: 'usage',
      help: "Write it as --header 'Name: Value'.",
    });
  }
  return [name, value];
}

/** The method in capitals. Errors: LOAD005. */
export function parseMethod(text: string): string {
  const method = text.toUpperCase();
  if (TOKEN.test(method) && method !== 'CONNECT') return method;
  throw new UserError('LOAD005', `the method is ${JSON.stringify(text)}`, {
    kind: 'usage',
    help: 'Give a method such as GET, POST, PUT, PATCH or DELETE.',
  });
}

/** Adds what a client always says, where the caller has not said it. */
export function completeHeaders(spec: RequestSpec, authority: string): Header[] {
  const said = new Set(spec.headers.map(([name]) => name.toLowerCase()));
  const usual: Header[] = [
    ['Host', authority],
    ['User-Agent', 'senior-backend'],
    ['Accept', '*/*'],
  ];
  if (spec.body !== undefined) {
    usual.push(['Content-Type', contentTypeOf(spec.body)], ['Content-Length', String(spec.body.length)]);
  }
  return [...usual.filter(([name]) => !said.has(name.toLowerCase())), ...spec.headers];
}

/** The request as HTTP/1.1 bytes: one array, sent as it is for every request of a run. */
export function encodeRequest(spec: RequestSpec, target: Pick<Target, 'authority' | 'path'>): Uint8Array {
  const lines = completeHeaders(spec, target.authority).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${spec.method} ${target.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return spec.body === undefined ? head : Buffer.concat([head, spec.body]);
}

function contentTypeOf(body: Uint8Array): string {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}
