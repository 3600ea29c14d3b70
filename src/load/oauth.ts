// OAuth 2.0 client credentials (RFC 6749, 4.4): a token before the run, and another before it expires.
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { UserError } from '../core/errors.ts';
import type { TlsOptions } from './client/wire.ts';
import { parseHeader } from './request.ts';

/** Who asks for a token, and where. */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

/** A token as it was granted. */
export interface Token {
  /** The value of the Authorization header. */
  readonly authorization: string;
  /** Seconds for which it holds; undefined when the server does not say. */
  readonly lifetime?: number;
}

const LONGEST_ANSWER = 2 ** 20;
const LONGEST_WAIT = 30_000;

/** Asks for a token once; redirects are not followed, for the secret is in the request. Errors: LOAD014. */
export async function fetchToken(client: OAuthClient, tls: TlsOptions): Promise<Token> {
  const { status, body } = await post(client, tls).catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
  const answer = parseAnswer(body);
  const { access_token: token, token_type: type = 'Bearer', expires_in: lifetime } = answer;
  if (status !== 200 || typeof token !== 'string' || token === '') {
    const reason = typeof answer['error'] === 'string' ? `, ${answer['error'].slice(0, 100)}` : '';
    return fail(status === 200 ? 'the answer holds no access_token' : `it answered ${status}${reason}`);
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    return fail(`a token of type ${JSON.stringify(type)}`);
  const [, authorization] = parseHeader(`Authorization: Bearer ${token}`);
  const seconds = Number(lifetime);
  return { authorization, ...(seconds > 0 && Number.isFinite(seconds) ? { lifetime: seconds } : {}) };
}

function fail(why: string): never {
  throw new UserError('LOAD014', `no token: ${why}`, {
    help: 'Check the token URL, the client id, its secret and the scope.',
  });
}

function parseAnswer(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function post(
  { tokenUrl, clientId, clientSecret, scope }: OAuthClient,
  { verify, ca, certificate, key }: TlsOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  if (!URL.canParse(tokenUrl) || !/^https?:$/.test(new URL(tokenUrl).protocol))
    fail(`${tokenUrl} is not a URL with http or https`);
  // Id and secret are form-encoded before they are joined (RFC 6749, 2.3.1).
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
  });
  const options = {
    method: 'POST',
    agent: false as const,
    headers: {
      Authorization: `Basic ${basic.toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
    },
    signal: AbortSignal.timeout(LONGEST_WAIT),
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
  const send = tokenUrl.toLowerCase().startsWith('https:') ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const request = send(tokenUrl, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (body.length > LONGEST_ANSWER) request.destroy(new Error('its answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(form.toString());
  });
}

/** Milliseconds until a token is asked for anew: a tenth of its life before its end, at least once a second. */
export function renewalDelay(lifetime: number): number {
  return Math.min(2 ** 31 - 1, Math.max(1000, lifetime * 900));
}
