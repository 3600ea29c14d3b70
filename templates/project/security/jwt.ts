// Bearer tokens that are signed JSON Web Tokens (RFC 7519, RFC 9068).
import { createPublicKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError } from '../../errors.js';
import type { BearerCredential } from '../../runtime/credentials.js';
import { type Identity, InvalidCredential, type Verifier } from '../../runtime/security.js';
import { type Read, setting, url } from '../environment.js';

/** Signatures by a private key that only the issuer has. A shared secret could not tell who signed. */
const ALGORITHMS = ['RS256', 'ES256'] as const;

export const jwtSettings = {
  JWT_ISSUER: setting('the issuer of tokens, exactly as in their "iss"', (text) => text),
  JWT_AUDIENCE: setting('whom tokens are for, exactly as in their "aud"', (text) => text),
  /** The one algorithm that tokens may be signed by; what a token says of it is not asked. */
  JWT_ALGORITHM: setting(`one of ${ALGORITHMS.join(', ')}`, (text) =>
    ALGORITHMS.find((known) => known === text),
  ).default('RS256'),
  /** Where the issuer publishes its keys; or else the one key. */
  JWT_JWKS_URL: url("the address of the issuer's keys", 'https://').optional(),
  JWT_PUBLIC_KEY: setting(
    'a public key in PEM, an RSA key of 2048 bits or more or a P-256 key',
    readKey,
  ).optional(),
} as const;

export type JwtConfig = Read<typeof jwtSettings>;

/** A key may stand in one line, with `\n` for its line breaks. */
function readKey(text: string): KeyObject | undefined {
  const pem = text.replaceAll('\\n', '\n').trim();
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    const key = createPublicKey(pem);
    return algorithmOf(key) === undefined ? undefined : key;
  } catch {
    return undefined;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType === 'rsa')
    return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'RS256' : undefined;
  return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

/** What is wrong with the settings taken together. */
export function checkJwt({ JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_ALGORITHM }: JwtConfig): string | undefined {
  if (JWT_JWKS_URL === undefined && JWT_PUBLIC_KEY === undefined)
    return 'JWT_JWKS_URL or JWT_PUBLIC_KEY is missing: one of them says what tokens are signed by';
  if (JWT_JWKS_URL !== undefined && JWT_PUBLIC_KEY !== undefined)
    return 'JWT_JWKS_URL and JWT_PUBLIC_KEY are both set: only one of them can say what tokens are signed by';
  if (JWT_PUBLIC_KEY !== undefined && algorithmOf(JWT_PUBLIC_KEY) !== JWT_ALGORITHM)
    return `JWT_PUBLIC_KEY must be a key for JWT_ALGORITHM, which is ${JWT_ALGORITHM}`;
  return undefined;
}

/** Whom a token is about. */
export interface TokenIdentity extends Identity {
  readonly scopes: readonly string[];
  readonly claims: JWTPayload;
}

/** Verifies signature, algorithm, issuer, audience and times of a token. */
export function jwtVerifier(config: JwtConfig): Verifier<BearerCredential, TokenIdentity> {
  const key = config.JWT_PUBLIC_KEY ?? remoteKeys(config.JWT_JWKS_URL ?? '');
  const options = {
    algorithms: [config.JWT_ALGORITHM],
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: 5,
  };
  return async ({ token }) => {
    try {
      const { payload } = await (typeof key === 'function'
        ? jwtVerify(token, key, options)
        : jwtVerify(token, key, options));
      return { subject: payload.sub ?? '', scopes: scopesOf(payload), claims: payload };
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

/** Keys are kept, and asked for again when a token names one that is not among them, at most every half minute. */
const remoteKeys = (address: string): ReturnType<typeof createRemoteJWKSet> =>
  createRemoteJWKSet(new URL(address), { timeoutDuration: 5000, cooldownDuration: 30_000 });

/** RFC 9068, section 2.2.3 has one text with blanks; some issuers write a list, or call it `scp`. */
function scopesOf(payload: JWTPayload): readonly string[] {
  const scopes = payload['scope'] ?? payload['scp'] ?? [];
  if (typeof scopes === 'string') return scopes.split(' ').filter((scope) => scope !== '');
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
}

const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'The token is from another issuer',
  aud: 'The token is for another audience',
  nbf: 'The token is not valid yet',
};

/** What the client is told. A token that could not be judged at all is no fault of the client. */
function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new InvalidCredential('The token is expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const why = error.reason === 'missing' ? undefined : CLAIMS[error.claim];
    return new InvalidCredential(why ?? `The token has no valid ${error.claim}`);
  }
  const isUnreachable = !(error instanceof errors.JOSEError) || UNREACHABLE.has(error.code);
  if (!isUnreachable) return new InvalidCredential('The token is not valid');
  return new ApiError(503, 'UNAVAILABLE', 'Credentials cannot be verified at the moment', {
    headers: { 'retry-after': '5' },
    cause: error,
  });
}

/** The issuer did not answer, or with something that is not a set of keys. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
]);
