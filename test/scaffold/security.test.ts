import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAMEWORKS, type FrameworkName, generateServer, scaffoldServer } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { folderWith } from '../support/scratch-folder.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';
import { exchange } from './acceptance/exchange.ts';
import { LISTENERS } from './acceptance/servers.ts';

const OPTIONS = { typesOnly: false, force: false, allowRefs: false, allowNetwork: false } as const;

/** What the model says of a document's operation `get /`. */
async function readSecurity(document: object): Promise<unknown> {
  const folder = folderWith({ 'api.json': JSON.stringify(document) });
  const path = { path: join(folder, 'api.json'), shown: 'api.json' };
  const { model, diagnostics } = await generateServer(path, { ...OPTIONS, framework: 'express' });
  return {
    security: model.operations[0]?.security,
    schemes: Object.fromEntries(
      [...model.securitySchemes].map(([name, { place: _, description: __, ...kind }]) => [name, kind]),
    ),
    said: diagnostics.map(({ code, message }) => `${code} ${message}`),
  };
}

const operation = (security?: unknown): object => ({
  '/': { get: { operationId: 'root', responses: {}, ...(security === undefined ? {} : { security }) } },
});

const openapi = (securitySchemes: object, own?: unknown, global?: unknown, version = '3.1.0'): object => ({
  openapi: version,
  info: { title: 'A', version: '1' },
  ...(global === undefined ? {} : { security: global }),
  paths: operation(own),
  components: { securitySchemes },
});

const swagger = (securityDefinitions: object, own?: unknown, global?: unknown): object => ({
  swagger: '2.0',
  info: { title: 'A', version: '1' },
  ...(global === undefined ? {} : { security: global }),
  paths: operation(own),
  securityDefinitions,
});

const BEARER = { type: 'http', scheme: 'Bearer' };
const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' };
const use = (scheme: string, ...scopes: string[]): object => ({ scheme, scopes });

describe('requirements and schemes are read from', () => {
  test.each([
    [
      'the operation, in place of the document',
      openapi({ a: BEARER, b: KEY }, [{ b: [] }], [{ a: ['x'] }]),
      [[use('b')]],
      { b: { kind: 'apiKey', in: 'header', name: 'X-Key' } },
    ],
    [
      'the document',
      openapi({ a: BEARER }, undefined, [{ a: ['x', 'y'] }]),
      [[use('a', 'x', 'y')]],
      { a: { kind: 'bearer' } },
    ],
    ['an operation that takes them back', openapi({ a: BEARER }, [], [{ a: [] }]), [], {}],
    ['an operation that asks for nothing', openapi({ a: BEARER }, [{}], [{ a: [] }]), [], {}],
    [
      'alternatives',
      openapi({ a: BEARER, b: KEY }, [{ a: [], b: [] }, {}]),
      [[use('a'), use('b')], []],
      { a: { kind: 'bearer' }, b: { kind: 'apiKey', in: 'header', name: 'X-Key' } },
    ],
    [
      'a list that was left out',
      openapi({ a: BEARER }, [{ a: null }]),
      [[use('a')]],
      { a: { kind: 'bearer' } },
    ],
    [
      'OpenAPI 3.0',
      openapi({ a: { type: 'oauth2', flows: {} } }, [{ a: ['r'] }], undefined, '3.0.3'),
      [[use('a', 'r')]],
      { a: { kind: 'bearer' } },
    ],
    [
      'OpenAPI 3.2, by the URI of a scheme',
      openapi({ a: BEARER }, [{ '#/components/securitySchemes/a': [] }], undefined, '3.2.0'),
      [[use('#/components/securitySchemes/a')]],
      { '#/components/securitySchemes/a': { kind: 'bearer' } },
    ],
    [
      'a scheme that is a reference',
      openapi({ a: { $ref: '#/components/securitySchemes/b' }, b: BEARER }, [{ a: [] }]),
      [[use('a')]],
      { a: { kind: 'bearer' } },
    ],
    [
      'Swagger 2: basic',
      swagger({ a: { type: 'basic' } }, [{ a: [] }]),
      [[use('a')]],
      { a: { kind: 'basic' } },
    ],
    [
      'Swagger 2: a key in the query',
      swagger({ a: { type: 'apiKey', in: 'query', name: 'k' } }, undefined, [{ a: [] }]),
      [[use('a')]],
      { a: { kind: 'apiKey', in: 'query', name: 'k' } },
    ],
    [
      'Swagger 2: OAuth',
      swagger({ a: { type: 'oauth2', flow: 'implicit', authorizationUrl: 'https://a', scopes: { r: '' } } }, [
        { a: ['r'] },
      ]),
      [[use('a', 'r')]],
      { a: { kind: 'bearer', flows: { implicit: { authorizationUrl: 'https://a', scopes: { r: '' } } } } },
    ],
    [
      'a name that every object has',
      openapi({ constructor: KEY }, [{ constructor: [] }]),
      [[use('constructor')]],
      { constructor: { kind: 'apiKey', in: 'header', name: 'X-Key' } },
    ],
  ])('%s', async (_is, document, security, schemes) => {
    expect(await readSecurity(document)).toEqual({ security, schemes, said: [] });
  });

  test.each([
    [
      'a scheme that is not there',
      openapi({}, [{ a: [] }]),
      'SCF041 the security scheme "a", which 1 operation from root on require, is not declared',
    ],
    [
      'a name that every object inherits',
      openapi({}, [{ toString: [] }]),
      'SCF041 the security scheme "toString", which 1 operation from root on require, is not declared',
    ],
    [
      'a type that is none',
      openapi({ a: { type: 'basic' } }, [{ a: [] }]),
      'SCF040 the security scheme "a" has the type "basic", which there is not',
    ],
    [
      'a Swagger type of OpenAPI',
      swagger({ a: { type: 'http', scheme: 'bearer' } }, [{ a: [] }]),
      'SCF040 the security scheme "a" has the type "http", which there is not',
    ],
    [
      'a key in the body',
      openapi({ a: { type: 'apiKey', in: 'body', name: 'k' } }, [{ a: [] }]),
      'SCF040 the security scheme "a" has its key in "body", where no key can be',
    ],
    [
      'a key without a name',
      openapi({ a: { type: 'apiKey', in: 'header' } }, [{ a: [] }]),
      'SCF040 the security scheme "a" does not say the name of its key',
    ],
    [
      'a header that is none',
      openapi({ a: { type: 'apiKey', in: 'header', name: "x'\r\ny" } }, [{ a: [] }]),
      `SCF040 the security scheme "a" has the name "x'\\r\\ny", which no header can have`,
    ],
    [
      'an HTTP scheme without a name',
      openapi({ a: { type: 'http' } }, [{ a: [] }]),
      'SCF040 the security scheme "a" does not say its HTTP authentication scheme',
    ],
  ])('%s: nobody can satisfy it', async (_is, document, said) => {
    expect(await readSecurity(document)).toMatchObject({ said: [said] });
    const { schemes } = (await readSecurity(document)) as { schemes: object };
    expect(Object.values(schemes)).toEqual([{ kind: 'unknown' }]);
  });

  test.each([
    ['an object in place of the list', { a: [] }],
    ['a text in place of a requirement', ['a']],
    ['a text in place of the scopes', [{ a: 'read' }]],
  ])('%s is refused', async (_is, own) => {
    await expect(readSecurity(openapi({ a: BEARER }, own))).rejects.toMatchObject({ code: 'SCF007' });
  });
});

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

const FOLDER = join(ROOT, '.cache', 'secured');

const servers: Server[] = [];

async function boot(name: FrameworkName, options: object): Promise<number> {
  const { createApp } = await import(pathToFileURL(join(FOLDER, 'out', name, 'index.js')).href);
  const server = createServer(await LISTENERS[name](createApp(undefined, options) as never));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Services without a project around them: what lets in is the user's to write. */
describe.each(NAMES)('a service of %s without a project', (name) => {
  const headers = { authorization: 'Bearer token', 'x-api-key': 'key' };
  const paths = ['/inherited', '/scoped', '/key/header', '/basic', '/and', '/or', '/digest', '/undeclared'];

  test('refuses everybody until there is a verifier, and says so to who runs it', async () => {
    const reports: string[] = [];
    const port = await boot(name, { onError: (error: Error) => reports.push(error.message) });
    for (const path of paths) {
      const answer = await exchange(port, { path, headers });
      expect([path, answer.status, JSON.parse(answer.text).error.code]).toEqual([path, 401, 'UNAUTHORIZED']);
      expect(answer.headers['www-authenticate']).toContain('realm="Vault \\"main\\""');
    }
    expect(reports).toContain('no verifier for the security scheme "bearer": what requires it is refused');
    expect((await exchange(port, { path: '/open' })).status).toBe(501);
  });

  test('lets in whom the verifiers of the application know, and nobody when one fails', async () => {
    const reports: unknown[] = [];
    const verifiers = {
      bearer: ({ token }: { token: string }) => {
        if (token === 'fails') throw new Error('the database with all tokens is away');
        return token === 'token' ? { subject: 'alice', scopes: ['vault.read'] } : undefined;
      },
      'header-key': async ({ key }: { key: string }) => (key === 'key' ? { subject: 'worker' } : undefined),
    };
    const port = await boot(name, { verifiers, onError: (error: unknown) => reports.push(error) });
    const statusOf = async (path: string, sent: Record<string, string>): Promise<number> =>
      (await exchange(port, { path, headers: sent })).status;
    // Handlers are not written yet: 501 is who was let in.
    expect(await statusOf('/inherited', headers)).toBe(501);
    expect(await statusOf('/and', headers)).toBe(501);
    expect(await statusOf('/scoped', headers)).toBe(403);
    expect(await statusOf('/inherited', { authorization: 'Bearer other' })).toBe(401);
    expect(await statusOf('/basic', headers)).toBe(401);
    expect(await statusOf('/or', { authorization: 'Bearer fails', 'x-api-key': 'key' })).toBe(501);
    const failed = await exchange(port, { path: '/or', headers: { authorization: 'Bearer fails' } });
    expect([failed.status, failed.text.includes('database')]).toEqual([500, false]);
    expect(reports).toContainEqual(new Error('the database with all tokens is away'));
  });
});

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const contract = { path: join(ROOT, 'test/scaffold/security/contract.yaml'), shown: 'contract.yaml' };
  for (const framework of NAMES)
    await scaffoldServer(contract, join(FOLDER, 'src', framework), { ...OPTIONS, framework });
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  const strict = { ...STRICT_OPTIONS, noUnusedLocals: true, isolatedDeclarations: true, declaration: true };
  const compilerOptions = { ...strict, rootDir: 'src', outDir: 'out' };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', FOLDER]);
});

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});
