import { createHash, createHmac, generateKeyPairSync, scryptSync } from 'node:crypto';
import { SignJWT } from 'jose';

const issuers = {
  ours: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  another: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

export const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const PEM = issuers.ours.publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const ISSUER = 'https://issuer.test/';
export const AUDIENCE = 'https://vault.test/';

/** What of a token is not as it should be. */
interface Flaws {
  readonly scope?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string;
  readonly notBefore?: string;
  readonly subject?: string;
  readonly by?: keyof typeof issuers;
}

export function sign(flaws: Flaws = {}): Promise<string> {
  const { scope = 'vault.read vault.write', subject = 'alice', by = 'ours' } = flaws;
  const token = new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(flaws.issuer ?? ISSUER)
    .setAudience(flaws.audience ?? AUDIENCE)
    .setExpirationTime(flaws.expires ?? '10m');
  if (subject !== '') token.setSubject(subject);
  if (flaws.notBefore !== undefined) token.setNotBefore(flaws.notBefore);
  return token.sign(issuers[by].privateKey);
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const claims = (): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'mallory',
  scope: 'vault.read vault.write',
  exp: Math.floor(Date.now() / 1000) + 600,
});

/** A token that says it needs no signature. */
export const unsigned = (): string => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`;

/** A token signed as by a shared secret, which is the public key as everybody has it. */
export function signedWithPublicKey(): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims())}`;
  return `${text}.${createHmac('sha256', PEM).update(text).digest('base64url')}`;
}

/** A token without an end. */
export function endless(): Promise<string> {
  return new SignJWT({ scope: '' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('alice')
    .sign(issuers.ours.privateKey);
}

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');

const SALT = '000102030405060708090a0b0c0d0e0f';

/** The environment of a service that knows the issuer, a client with a key, and a user. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
  JWT_PUBLIC_KEY: PEM.replaceAll('\n', '\\n'),
  API_KEYS_HEADER_KEY: `other:${hash('other')},worker:${hash('header key')}`,
  API_KEYS_PROTO: `worker:${hash('proto')}`,
  API_KEYS_QUERY_KEY: `worker:${hash('query+key/=')}`,
  API_KEYS_COOKIE_KEY: `worker:${hash('cookie+key')}`,
  BASIC_USERS_BASIC: `anna:${SALT}:${scryptSync('pass:word é', Buffer.from(SALT, 'hex'), 32).toString('hex')}`,
  RATE_LIMIT_MAX: '100000',
};

export const basic = (name: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

export const headerKey = (key = 'header key'): Record<string, string> => ({ 'x-api-key': key });
