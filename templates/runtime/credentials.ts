// Reads credentials from a request, as the contract's security schemes say where they are.
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { RawRequest } from './contract.js';
import { readCookies } from './parameters.js';
import { decodeComponent, readQuery } from './query.js';

export interface OAuthFlow {
  readonly authorizationUrl?: string;
  readonly deviceAuthorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly refreshUrl?: string;
  readonly scopes: Readonly<Record<string, string>>;
}

/** How a client proves who it is. */
export type Scheme =
  | {
      readonly kind: 'bearer';
      /** How the token is made, as people write it: `JWT`. */
      readonly format?: string;
      /** OAuth 2: where clients get a token, by flow. Nothing here asks there: that is the verifier's. */
      readonly flows?: Readonly<Record<string, OAuthFlow>>;
      /** OpenID Connect: where the issuer describes itself. */
      readonly openIdConnectUrl?: string;
    }
  | { readonly kind: 'basic' }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'mutualTLS' }
  /** Another scheme of the Authorization header, in lower case. */
  | { readonly kind: 'http'; readonly scheme: string }
  /** Nothing that a request could satisfy. */
  | { readonly kind: 'unknown' };

export interface BearerCredential {
  readonly token: string;
}

export interface BasicCredential {
  readonly username: string;
  readonly password: string;
}

export interface ApiKeyCredential {
  readonly key: string;
}

export interface CertificateCredential {
  /** Of the client, signed by an authority that the server trusts. */
  readonly certificate: DetailedPeerCertificate;
}

/** What stands behind the name of another scheme in the Authorization header. */
export interface AuthorizationCredential {
  readonly value: string;
}

export type Credential =
  | BearerCredential
  | BasicCredential
  | ApiKeyCredential
  | CertificateCredential
  | AuthorizationCredential;

/** The request has a credential of this scheme, but it cannot be read. */
export const MALFORMED: unique symbol = Symbol('malformed');

type Read = Credential | typeof MALFORMED | undefined;

/** The credential that a request has for a scheme, or undefined when it has none. */
export const readCredential = (scheme: Scheme, raw: RawRequest): Read =>
  READERS[scheme.kind](scheme as never, raw);

const READERS: {
  readonly [Kind in Scheme['kind']]: (scheme: Extract<Scheme, { kind: Kind }>, raw: RawRequest) => Read;
} = {
  bearer: (_, raw) => {
    const token = authorization('bearer', raw);
    return token === undefined ? undefined : TOKEN.test(token) ? { token } : MALFORMED;
  },
  basic: (_, raw) => readBasic(authorization('basic', raw)),
  apiKey: ({ in: place, name }, raw) => readKey(KEYS[place](name, raw)),
  mutualTLS: (_, raw) => readCertificate(raw),
  http: ({ scheme }, raw) => {
    const value = authorization(scheme, raw);
    return value === undefined ? undefined : value === '' ? MALFORMED : { value };
  },
  unknown: () => undefined,
};

/** RFC 6750, section 2.1: b64token. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** What stands behind the name of a scheme in the Authorization header; names have no case (RFC 9110, section 11.1). */
function authorization(scheme: string, { headers }: RawRequest): string | undefined {
  const header = headers.authorization ?? '';
  const end = header.indexOf(' ');
  const name = end === -1 ? header : header.slice(0, end);
  if (name.toLowerCase() !== scheme) return undefined;
  return end === -1 ? '' : header.slice(end).trim();
}

/** RFC 7617: everything up to the first colon is the name; UTF-8. */
function readBasic(value: string | undefined): Read {
  if (value === undefined) return undefined;
  const text = BASE64.test(value) ? Buffer.from(value, 'base64').toString('utf8') : '';
  const at = text.indexOf(':');
  return at === -1 ? MALFORMED : { username: text.slice(0, at), password: text.slice(at + 1) };
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const KEYS: Readonly<
  Record<'header' | 'query' | 'cookie', (name: string, raw: RawRequest) => readonly string[]>
> = {
  header: (name, { headers }) => [headers[name.toLowerCase()] ?? []].flat(),
  query: (name, { search }) => (readQuery(search).get(name) ?? []).map(decodeComponent),
  cookie: (name, { headers }) => [readCookies(headers.cookie ?? '').get(name) ?? []].flat(),
};

/** Two keys in one request are one too many: another part of the system may read the other one. */
function readKey(keys: readonly string[]): Read {
  const [key, ...others] = keys;
  if (key === undefined) return undefined;
  return key === '' || others.length > 0 ? MALFORMED : { key };
}

/** Only a certificate that the TLS handshake has accepted is one. */
function readCertificate({ stream }: RawRequest): Read {
  const socket = stream.socket as Partial<TLSSocket>;
  const certificate = socket.getPeerCertificate?.(true);
  if (certificate === undefined || Object.keys(certificate).length === 0) return undefined;
  return socket.authorized === true ? { certificate } : MALFORMED;
}
