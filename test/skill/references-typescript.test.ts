import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { importPKCS8, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks } from '../support/markdown.ts';
import { filesBelow, ROOT, readText } from '../support/repository.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';

const samples = filesBelow('skills/senior-backend/references', '.md').flatMap((file) =>
  codeBlocks(readText(file)).filter(({ language }) => language === 'ts'),
);

// Inside the repository, so that the samples find the packages they import.
const cache = join(ROOT, '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const { attributes, text } of samples) writeFileSync(join(folder, attributes['file'] ?? ''), text);
  const compilerOptions = {
    ...STRICT_OPTIONS,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
});

const load = <T>(file: string): Promise<T> => import(/* @vite-ignore */ join(folder, file));

test('every TypeScript sample has a file name of its own and compiles in strict mode', () => {
  const names = samples.map(({ attributes }) => attributes['file']);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(names)).toEqual(
    new Set([
      'fetch-allowed.ts',
      'headers.ts',
      'passwords.ts',
      'paths.ts',
      'rate-limit.ts',
      'server.ts',
      'tokens.ts',
    ]),
  );
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

/** Serves an app for as long as `use` takes. */
async function serving<T>(app: Express, use: (url: string) => Promise<T>): Promise<T> {
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What the sample server answers. */
interface Answer {
  readonly data: readonly { readonly name: string }[];
  readonly error: { readonly code: string; readonly details: readonly object[] };
  readonly meta: { readonly requestId: string; readonly nextCursor: string | null };
}

// The shape is what the test then looks at; a wrong one fails there.
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer;

describe('the server', () => {
  const json = (body: unknown) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const create = async (): Promise<Express> =>
    (await load<{ createApp: () => Express }>('server.ts')).createApp();

  test('creates, refuses, lists by cursor, and answers every error in one envelope', async () => {
    await serving(await create(), async (url) => {
      const names = ['ada', 'grace', 'edsger'];
      for (const name of names) {
        const created = await fetch(`${url}/v1/users`, json({ email: `${name}@example.com`, name }));
        expect(created.status).toBe(201);
        expect(created.headers.get('location')).toMatch(/^\/v1\/users\/u_00000\d$/);
      }
      const first = await answerOf(await fetch(`${url}/v1/users?limit=2`));
      expect(first.data.map(({ name }) => name)).toEqual(['ada', 'grace']);
      const second = await answerOf(await fetch(`${url}/v1/users?limit=2&cursor=${first.meta.nextCursor}`));
      expect(second).toMatchObject({ data: [{ name: 'edsger' }], meta: { nextCursor: null } });

      const cases: readonly (readonly [string, RequestInit, number, string])[] = [
        ['/v1/users', json({ email: 'no', name: '' }), 400, 'validation_failed'],
        ['/v1/users', json({ email: 'a@example.com', name: 'a', role: 'admin' }), 400, 'validation_failed'],
        ['/v1/users', json('{'), 400, 'malformed_json'],
        ['/v1/users', json({ email: 'a@example.com', name: 'a'.repeat(200_000) }), 413, 'too_large'],
        ['/v1/users', json({ email: 'ada@example.com', name: 'Ada' }), 409, 'email_taken'],
        ['/v1/users?limit=1000', {}, 400, 'validation_failed'],
        ['/nowhere', {}, 404, 'not_found'],
      ];
      for (const [path, init, status, code] of cases) {
        const response = await fetch(url + path, init);
        const body = await answerOf(response);
        expect([response.status, body.error.code]).toEqual([status, code]);
        expect(body.meta.requestId).toBe(response.headers.get('x-request-id'));
      }
      const invalid = await answerOf(await fetch(`${url}/v1/users`, json({ email: 'no', name: 'x' })));
      expect(invalid.error.details).toEqual([{ field: 'body.email', message: 'Invalid email address' }]);
    });
  });
});

test('the rate limit lets the limit through, says so in headers, and opens again', async () => {
  const { rateLimit } = await load<{ rateLimit: (options: object) => express.RequestHandler }>(
    'rate-limit.ts',
  );
  let time = 0;
  const app = express();
  app.use(rateLimit({ limit: 2, windowMs: 60_000, now: () => time, keyOf: (address: string) => address }));
  app.get('/', (_request, response) => {
    response.send('ok');
  });
  await serving(app, async (url) => {
    const statuses: number[] = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await fetch(url)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await fetch(url);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    time = 60_000;
    expect((await fetch(url)).status).toBe(200);
  });
});

test('the headers are sent, and CORS answers only the origins that are named', async () => {
  const { secureHeaders, cors } = await load<{
    secureHeaders: express.RequestHandler;
    cors: (origins: ReadonlySet<string>) => express.RequestHandler;
  }>('headers.ts');
  const app = express();
  app.use(secureHeaders, cors(new Set(['https://app.example.com'])));
  app.get('/', (_request, response) => {
    response.send('ok');
  });
  await serving(app, async (url) => {
    const { headers } = await fetch(url, { headers: { origin: 'https://evil.example.com' } });
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const allowed = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://app.example.com' } });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://app.example.com',
    ]);
  });
});

describe('the tokens', () => {
  interface Tokens {
    tokenSettings: (env: Record<string, string>) => { privateKey: string };
    signAccessToken: (settings: object, user: string, permissions: string[]) => Promise<string>;
    verifyAccessToken: (
      settings: object,
      token: string,
    ) => Promise<{ sub: string; exp: number; iat: number }>;
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const env = {
    JWT_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
    JWT_PUBLIC_KEY: publicKey,
    JWT_ISSUER: 'https://id.example.com',
    JWT_AUDIENCE: 'orders',
  };

  test('a good one is verified and lives fifteen minutes', async () => {
    const tokens = await load<Tokens>('tokens.ts');
    const settings = tokens.tokenSettings(env);
    const payload = await tokens.verifyAccessToken(
      settings,
      await tokens.signAccessToken(settings, 'u_1', ['read']),
    );
    expect(payload).toMatchObject({ sub: 'u_1', permissions: ['read'] });
    expect(payload.exp - payload.iat).toBe(900);
  });

  test('half of the keys is an error, and every bad token is refused', async () => {
    const tokens = await load<Tokens>('tokens.ts');
    expect(() => tokens.tokenSettings({ ...env, JWT_PRIVATE_KEY: '' })).toThrow('JWT_PRIVATE_KEY is not set');
    const settings = tokens.tokenSettings(env);
    const key = await importPKCS8(privateKey, 'RS256');
    const claims = (audience: string, expires: string) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
        .setSubject('u_1')
        .setIssuer(env.JWT_ISSUER)
        .setAudience(audience)
        .setExpirationTime(expires)
        .sign(key);
    // The classic confusion: the public key taken for a shared secret.
    const confused = new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject('u_1')
      .setIssuer(env.JWT_ISSUER)
      .setAudience('orders')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(publicKey));
    const unsigned = new UnsecuredJWT({})
      .setSubject('u_1')
      .setIssuer(env.JWT_ISSUER)
      .setAudience('orders')
      .encode();
    const bad = [
      await claims('invoices', '5m'),
      await claims('orders', '-1m'),
      await confused,
      unsigned,
      'x.y.z',
    ];
    for (const token of bad) await expect(tokens.verifyAccessToken(settings, token)).rejects.toThrow();
    await expect(tokens.verifyAccessToken(settings, await claims('orders', '5m'))).resolves.toMatchObject({
      sub: 'u_1',
    });
  });
});

test('a password is verified, and another one, another hash or another form is not', async () => {
  const { hashPassword, isPassword } = await load<{
    hashPassword: (password: string) => Promise<string>;
    isPassword: (password: string, stored: string) => Promise<boolean>;
  }>('passwords.ts');
  const stored = await hashPassword('correct horse battery');
  expect(stored).toMatch(/^scrypt\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('correct horse battery', stored)).toBe(true);
  expect(await isPassword('correct horse', stored)).toBe(false);
  expect(await isPassword('x', 'md5$aa$bb')).toBe(false);
});

test('a path stays inside its folder, and the folder beside it is not inside', async () => {
  const { inside } = await load<{ inside: (folder: string, name: string) => string | undefined }>('paths.ts');
  expect(inside('/srv/files', 'a/b.txt')).toBe('/srv/files/a/b.txt');
  for (const name of ['../files-old/x', '..', '', '/etc/passwd', 'a/../../x']) {
    expect(inside('/srv/files', name)).toBeUndefined();
  }
});

test('only listed hosts are fetched', async () => {
  const { fetchAllowed } = await load<{
    fetchAllowed: (address: string, hosts: ReadonlySet<string>, request: unknown) => Promise<unknown>;
  }>('fetch-allowed.ts');
  const asked: [string, RequestInit][] = [];
  const request = async (url: URL, options: RequestInit) => {
    asked.push([url.href, options]);
    return new Response('ok');
  };
  const hosts = new Set(['api.example.com']);
  await fetchAllowed('https://api.example.com/v1', hosts, request);
  expect(asked).toMatchObject([['https://api.example.com/v1', { redirect: 'error' }]]);
  const refused = [
    'http://api.example.com',
    'https://169.254.169.254/',
    'https://api.example.com@evil.com/',
    'https://u:p@api.example.com/',
    'https://api.example.com:8443/',
    'file:///etc/passwd',
    'nonsense',
  ];
  for (const address of refused) {
    await expect(fetchAllowed(address, hosts, request)).rejects.toThrow('not allowed');
  }
  expect(asked.length).toBe(1);
});
