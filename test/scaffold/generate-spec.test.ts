import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateSpec } from '../../src/scaffold/index.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  own,
} from '../../src/scaffold/model/json.ts';
import { lintDocument } from '../support/linter.ts';
import { expressRoutes, fastifyRoutes, koaRoutes, watchExpress } from '../support/routes/listings.ts';
import { resolveSchema, sampleOf } from '../support/routes/samples.ts';

const HERE = new URL('./routes/', import.meta.url).pathname;

interface Running {
  readonly routes: readonly string[];
  readonly listener: RequestListener;
  readonly stop?: () => Promise<void>;
}

interface FastifyApp {
  ready(): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
  printRoutes(options: { commonPrefix: false }): string;
  readonly routing: RequestListener;
}

async function runFastify(app: FastifyApp): Promise<Running> {
  await app.ready();
  return { routes: fastifyRoutes(app), listener: app.routing, stop: async () => void (await app.close()) };
}

function runCommonJs(name: string): Running {
  const app = createRequire(import.meta.url)(`./routes/${name}/app.js`);
  return { routes: expressRoutes(app), listener: app };
}

/** The services, each as its own code starts it. */
const SERVICES: Readonly<Record<string, () => Promise<Running>>> = {
  'express-commonjs': async () => runCommonJs('express-commonjs'),
  'express-joi': async () => runCommonJs('express-joi'),
  'express-helpers': async () => runCommonJs('express-helpers'),
  'express-walk': async () => runCommonJs('express-walk'),
  'express-signed-in': async () => runCommonJs('express-signed-in'),
  'express-chains': async () => {
    const app = (await import('./routes/express-chains/app.ts')).createApp();
    return { routes: expressRoutes(app as never), listener: app };
  },
  'express-typescript': async () => {
    const app = (await import('./routes/express-typescript/src/app.ts')).createApp();
    return { routes: expressRoutes(app as never), listener: app };
  },
  'express-classes': async () => {
    const app = (await import('./routes/express-classes/server.ts')).app.getServer();
    return { routes: expressRoutes(app as never), listener: app };
  },
  'fastify-autoload': async () => runFastify((await import(join(HERE, 'fastify-autoload/app.js'))).build()),
  'fastify-hooks': async () => runFastify((await import(join(HERE, 'fastify-hooks/app.js'))).build()),
  'fastify-signed-in': async () => runFastify((await import(join(HERE, 'fastify-signed-in/app.js'))).build()),
  'fastify-typebox': async () =>
    runFastify(await (await import('./routes/fastify-typebox/server.ts')).createServer()),
  'fastify-zod': async () => runFastify((await import('./routes/fastify-zod/app.ts')).buildApp() as never),
  'koa-nested': async () => {
    const { app } = await import('./routes/koa-nested/app.ts');
    return { routes: koaRoutes(app), listener: app.callback() };
  },
  'koa-groups': async () => {
    const { app } = await import('./routes/koa-groups/app.ts');
    return { routes: koaRoutes(app), listener: app.callback() };
  },
  'koa-guards': async () => {
    const { app } = await import('./routes/koa-guards/app.ts');
    return { routes: koaRoutes(app), listener: app.callback() };
  },
};

let folder = '';

beforeAll(async () => {
  watchExpress();
  folder = await mkdtemp(join(tmpdir(), 'senior-spec-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Generated {
  readonly text: string;
  readonly document: JsonObject;
  readonly diagnostics: readonly string[];
}

const GENERATED = new Map<string, Promise<Generated>>();

/** The document of a service, written once for all that is asked of it. */
function generated(name: string): Promise<Generated> {
  const found = GENERATED.get(name) ?? generate(name);
  GENERATED.set(name, found);
  return found;
}

async function generate(name: string): Promise<Generated> {
  const output = join(folder, `${name}.yaml`);
  const request = { path: join(HERE, name), shown: name, output, shownOutput: 'openapi.yaml' };
  const { diagnostics } = await generateSpec(request);
  const text = await readFile(output, 'utf8');
  return {
    text,
    document: parse(text),
    diagnostics: diagnostics.map(({ code, message }) => `${code} ${message}`),
  };
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

const operationsOf = (document: JsonObject): Described[] =>
  Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
    Object.entries(isJsonObject(item) ? item : {}).flatMap(([method, operation]) =>
      isJsonObject(operation) ? [{ method: method.toUpperCase(), path, operation }] : [],
    ),
  );

const asListed = ({ method, path }: Described): string => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;

describe.each(Object.keys(SERVICES))('%s', (name) => {
  test('the document has every route of the running server, and no other', async () => {
    const { document, diagnostics } = await generated(name);
    const running = await SERVICES[name]?.();
    const unnamed = (route: string): string => route.replaceAll(/:\w+/g, ':');
    const served = running?.routes.filter((route) => !GUARDS.has(route.split(' ')[1] ?? '')) ?? [];
    expect([...new Set(operationsOf(document).map(asListed).map(unnamed))].sort()).toEqual(
      [...new Set([...served, ...(BESIDES[name] ?? [])].map(unnamed))].sort(),
    );
    expect(diagnostics.filter((text) => /^SCF07[1-5]/.test(text))).toEqual([]);
    await running?.stop?.();
  });

  test('the document passes the linter', async () => {
    const { text } = await generated(name);
    expect((await lintDocument(text)).errors).toEqual([]);
  });

  test('every answer of the running server is one of the document', async () => {
    const { document } = await generated(name);
    await whileRunning(name, async (url) => {
      for (const described of operationsOf(document)) {
        for (const credentials of [{}, CREDENTIALS[name] ?? {}]) {
          const answer = await ask(described, url, document, credentials);
          expect(
            disagreement(answer, described, document),
            `${asListed(described)} ${answer.status} ${answer.text}`,
          ).toBeUndefined();
        }
      }
    });
  });

  test('without credentials, what asks for them gives nothing and everything else does not ask', async () => {
    const { document } = await generated(name);
    await whileRunning(name, async (url) => {
      for (const described of operationsOf(document)) {
        const { status } = await ask(described, url, document, {});
        const security = own(described.operation, 'security');
        const isAsked = Array.isArray(security) && security.length > 0;
        const isOptional =
          Array.isArray(security) &&
          security.some((one) => isJsonObject(one) && Object.keys(one).length === 0);
        // What a parameter names may be looked for before: 404.
        const isRefused = isAsked && !isOptional ? status >= 400 : [401, 403].includes(status);
        expect(isRefused, `${asListed(described)} ${status}`).toBe(isAsked && !isOptional);
      }
    });
  });

  test('a second run changes nothing', async () => {
    const first = await generated(name);
    const { text, diagnostics } = await generate(name);
    expect(text).toBe(first.text);
    expect(diagnostics.filter((one) => /^SCF08[24]/.test(one))).toEqual([]);
  });
});

/** Asks a fixture at its URL while it is running. */
async function whileRunning(name: string, work: (url: string) => Promise<void>): Promise<void> {
  const running = await SERVICES[name]?.();
  const server = createServer(running?.listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  try {
    await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await running?.stop?.();
  }
}

const CREDENTIALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'express-commonjs': { authorization: 'Token jake-token' },
  'express-typescript': { authorization: 'Bearer x' },
  'express-classes': { 'x-api-key': 'key' },
  'fastify-autoload': { authorization: 'Bearer secret' },
  'fastify-typebox': { 'x-api-key': 'key' },
  'koa-nested': { authorization: 'Bearer secret' },
  'express-joi': { authorization: 'Bearer admin' },
  'express-helpers': { 'x-api-key': 'key' },
  'express-walk': { 'x-api-key': 'key' },
  'fastify-hooks': { authorization: 'Bearer secret', 'x-role': 'editor' },
  'koa-groups': { 'x-api-key': 'key' },
  'express-signed-in': { authorization: 'Bearer x' },
  'fastify-signed-in': { 'x-api-key': 'key' },
  'koa-guards': { authorization: 'Bearer x', 'x-api-key': 'key' },
};

/** What is behind middleware, which does not say what it leads to. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  'express-helpers': [
    ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /forum/health`),
    ...['GET', 'DELETE'].map((method) => `${method} /forum/settings/theme`),
  ],
};

/** Routes that guard others, and answer for nothing themselves. */
const GUARDS: ReadonlySet<string> = new Set(['/forum/private/*rest']);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function ask(
  { method, path, operation }: Described,
  base: string,
  document: JsonObject,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const parameters = own(operation, 'parameters');
  const query = new URLSearchParams();
  let url = path;
  for (const parameter of Array.isArray(parameters) ? parameters : []) {
    if (!isJsonObject(parameter)) continue;
    const value = String(sampleOf(objectAt(parameter, 'schema'), document));
    const name = String(parameter['name']);
    if (parameter['in'] === 'path') url = url.replace(`{${name}}`, encodeURIComponent(value));
    else if (parameter['in'] === 'query') query.set(name, value);
  }
  const body = objectAt(objectAt(objectAt(operation, 'requestBody'), 'content'), 'application/json');
  const sent = 'schema' in body ? { body: JSON.stringify(sampleOf(objectAt(body, 'schema'), document)) } : {};
  const response = await fetch(`${base}${url}?${query}`, {
    method,
    headers: { ...headers, ...('body' in sent ? { 'content-type': 'application/json' } : {}) },
    ...sent,
  });
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  return { status: response.status, type, text: await response.text() };
}

/** Why an answer is not what the document says; undefined when it is. */
function disagreement(
  { status, type, text }: Answer,
  { operation }: Described,
  document: JsonObject,
): string | undefined {
  const responses = objectAt(operation, 'responses');
  const response = own(responses, String(status)) ?? own(responses, 'default');
  if (!isJsonObject(response)) return `status ${status} is not described`;
  const content = objectAt(response, 'content');
  if (Object.keys(content).length === 0 || text === '') return undefined;
  const media = own(content, type);
  if (!isJsonObject(media)) return `${type} is not described for ${status}`;
  if (!/json/.test(type)) return undefined;
  const schema = {
    ...resolveSchema(objectAt(media, 'schema'), document),
    components: own(document, 'components'),
  };
  const value: JsonValue = JSON.parse(text);
  return AJV.validate(schema, value) ? undefined : AJV.errorsText();
}

const AJV = addFormats.default(new Ajv2020({ strict: false }));
