// Structured logs: one JSON object a line. Requests are logged without headers and bodies, and without the secrets in their URLs.
import type { IncomingMessage } from 'node:http';
import { type Logger, pino } from 'pino';
import type { Scheme } from '../runtime/credentials.js';

/** Where credentials are in requests: names of headers and of query parameters, in lower case. */
export interface Secrets {
  readonly headers: readonly string[];
  readonly query: ReadonlySet<string>;
}

/** The places of credentials: those that every service has, and those of the contract. */
export function secretsOf(schemes: Readonly<Record<string, Scheme>>): Secrets {
  const keys = Object.values(schemes).flatMap((scheme) => (scheme.kind === 'apiKey' ? [scheme] : []));
  const named = (place: string): string[] =>
    keys.filter((key) => key.in === place).map(({ name }) => name.toLowerCase());
  return {
    headers: ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', ...named('header')],
    query: new Set(['access_token', 'api_key', 'token', ...named('query')]),
  };
}

/** Members that are never logged, wherever an object that is logged has them. */
const NEVER_LOGGED = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'apiKey', 'key'];

/** A logger for the service. */
export function createLogger(level: string, secrets: Secrets): Logger {
  const headers = secrets.headers.flatMap((name) => [
    `headers[${JSON.stringify(name)}]`,
    `*.headers[${JSON.stringify(name)}]`,
  ]);
  return pino({
    level,
    redact: {
      paths: [...headers, ...NEVER_LOGGED.flatMap((name) => [name, `*.${name}`])],
      censor: '[redacted]',
    },
    serializers: { req: (request) => loggedRequest(request, secrets.query), res: loggedResponse },
  });
}

/** A request of Node's, or of a framework that has Node's inside. */
interface Logged extends Pick<IncomingMessage, 'method' | 'url'> {
  readonly id?: unknown;
  readonly ip?: string;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

const loggedRequest = ({ id, method, url, ip, socket }: Logged, query: ReadonlySet<string>): object => ({
  id,
  method,
  url: withoutSecrets(url ?? '', query),
  from: ip ?? socket?.remoteAddress,
});

const loggedResponse = ({ statusCode }: { readonly statusCode: number }): object => ({ statusCode });

/** A request's target, with secrets in its query replaced. */
export function withoutSecrets(target: string, query: ReadonlySet<string>): string {
  const at = target.indexOf('?');
  if (at === -1) return target;
  const fields = target
    .slice(at + 1)
    .split('&')
    .map((field) => {
      const name = field.split('=', 1)[0] ?? '';
      return query.has(decoded(name).toLowerCase()) ? `${name}=[redacted]` : field;
    });
  return `${target.slice(0, at)}?${fields.join('&')}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
