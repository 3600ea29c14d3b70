import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { transformWithOxc } from 'vite';
import { describe, expect, test } from 'vitest';
import { generateSpec } from '../../src/scaffold/index.ts';
import { isJsonObject, type JsonObject, objectAt, own } from '../../src/scaffold/model/json.ts';
import { folderWith } from '../support/scratch-folder.ts';

/** A service in one file, which is read and run: what it answers when asked is what its document has, and no more. */
interface Service {
  /** What the file is about. */
  readonly about: string;
  /** TypeScript that gives its application as `module.exports`. */
  readonly source: string;
  /** What is asked: method, path, and headers as `name: value`. */
  readonly asked: readonly string[];
  /** What the document says of every operation: its answers as status and media type. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** Answers of the document that the requests do not meet, such as those of what only production does. */
  readonly unmet?: readonly string[];
  /** What is said besides, as code and line. */
  readonly told?: readonly string[];
}

const EXPRESS = "const express = require('express');\nconst app = express();\nmodule.exports = app;\n";
const FASTIFY = "const app = require('fastify')();\nmodule.exports = app;\n";
const SERVICES: readonly Service[] = [
  {
    about: "TypeScript's parameter `this`, which takes no argument: Fastify",
    source: `${FASTIFY}
app.get('/handler', async function (this: any, request: any, reply: any) {
  if (!request.headers.x) return reply.code(403).send({ message: 'no' });
  return { ok: true };
});
const refuse = function (this: any, reply: any) { reply.code(409); return { message: 'no' }; };
app.get('/called', async (request: any, reply: any) => refuse.call({}, reply));
app.get('/without', async (request: any, reply: any) => refuse(reply));
`,
    asked: ['GET /handler', 'GET /handler x: 1', 'GET /called', 'GET /without'],
    answers: {
      'GET /handler': ['200 application/json', '403 application/json'],
      'GET /called': ['409 application/json'],
      'GET /without': ['409 application/json'],
    },
  },
  {
    about: "TypeScript's parameter `this`: Express, its error handlers",
    source: `${EXPRESS}
function send(this: unknown, res: any, status: number) { res.status(status).json({ message: 'x' }); }
app.get('/called', (req: any, res: any) => send.call(null, res, 404));
app.get('/handler', function (this: void, req: any, res: any) { res.status(204).end(); });
app.get('/fails', function (this: void, req: any, res: any, next: any) { next({ status: 418 }); });
app.use(function (this: void, error: any, req: any, res: any, next: any) {
  res.status(error.status).json({ message: 'failed' });
});
`,
    asked: ['GET /called', 'GET /handler', 'GET /fails'],
    answers: {
      'GET /called': ['404 application/json'],
      'GET /handler': ['204'],
      'GET /fails': ['418 application/json'],
    },
  },
];

interface Running {
  readonly base: string;
  stop(): Promise<void>;
}

/** Runs the source of a service with the packages of this project. */
async function run(source: string): Promise<Running> {
  const { code } = await transformWithOxc(source, 'app.ts');
  const module: { exports: unknown } = { exports: {} };
  compileFunction(code, ['require', 'module'])(createRequire(import.meta.url), module);
  const server = createServer(await listenerOf(module.exports));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What serves requests, of each framework's applications. */
async function listenerOf(app: unknown): Promise<RequestListener> {
  const { ready, routing, callback } = app as {
    ready?: () => PromiseLike<unknown>;
    routing?: RequestListener;
    callback?: () => RequestListener;
  };
  if (ready !== undefined && routing !== undefined) {
    await ready.call(app);
    return routing;
  }
  return callback === undefined ? (app as RequestListener) : callback.call(app);
}

async function generated(source: string): Promise<{ document: JsonObject; told: readonly string[] }> {
  const folder = folderWith({ 'app.ts': source });
  const output = join(folder, 'openapi.json');
  const { diagnostics } = await generateSpec({
    path: folder,
    shown: 'src',
    output,
    shownOutput: 'openapi.json',
  });
  const told = diagnostics.map(({ code, location }) => `${code} ${location?.line}`);
  return { document: JSON.parse(await readFile(output, 'utf8')), told };
}

/** The answers of every operation, each as its status and media type. */
function answersOf(document: JsonObject): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
      const responses = isJsonObject(operation) ? objectAt(operation, 'responses') : {};
      found[`${method.toUpperCase()} ${path}`] = Object.entries(responses).flatMap(([status, response]) => {
        const types = isJsonObject(response) ? Object.keys(objectAt(response, 'content')) : [];
        return types.length === 0 ? [status] : types.map((type) => `${status} ${type}`);
      });
    }
  }
  return found;
}

interface Answer {
  readonly operation: string;
  readonly line: string;
  readonly wrong: string | undefined;
}

/** Asks `GET /a/1 name: value`, and judges what comes back by the document. */
async function ask(request: string, base: string, document: JsonObject): Promise<Answer> {
  const [, method = '', path = '', name = '', value = ''] =
    /^(\S+) (\S+)(?: ([\w-]+): (.*))?$/.exec(request) ?? [];
  const response = await fetch(base + path, {
    method,
    redirect: 'manual',
    headers: name === '' ? {} : { [name]: value },
  });
  const body = await response.text();
  const type = body === '' ? undefined : response.headers.get('content-type')?.split(';')[0];
  const item = objectAt(objectAt(document, 'paths'), path.replace(/\?.*/, ''));
  const described = objectAt(objectAt(item, method.toLowerCase()), 'responses');
  const media =
    type === undefined
      ? {}
      : objectAt(objectAt(objectAt(described, String(response.status)), 'content'), type);
  const isJson = type !== undefined && /json/.test(type) && own(media, 'schema') !== undefined;
  const judge = { ...objectAt(media, 'schema'), components: own(document, 'components') };
  const wrong = isJson && !AJV.validate(judge, JSON.parse(body)) ? AJV.errorsText() : undefined;
  return {
    operation: `${method} ${path.replace(/\?.*/, '')}`,
    line: type === undefined ? String(response.status) : `${response.status} ${type}`,
    wrong,
  };
}

const AJV = addFormats.default(new Ajv2020({ strict: false }));

describe('what a service answers when it runs is what its document says', () => {
  test.each(SERVICES)('$about', async ({ source, asked, answers, unmet = [], told: besides = [] }) => {
    const { document, told } = await generated(source);
    expect(answersOf(document)).toEqual(answers);
    expect(told).toEqual(besides);
    const { base, stop } = await run(source);
    const met: Record<string, Set<string>> = {};
    for (const request of asked) {
      const { operation, line, wrong } = await ask(request, base, document);
      expect(wrong, request).toBeUndefined();
      met[operation] = (met[operation] ?? new Set()).add(line);
    }
    await stop();
    for (const [operation, lines] of Object.entries(answers)) {
      const expected = lines.filter((line) => !unmet.includes(line));
      expect([...(met[operation] ?? [])].sort(), operation).toEqual(expected);
    }
  });
});
