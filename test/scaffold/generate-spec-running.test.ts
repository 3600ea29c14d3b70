import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { compileFunction } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { transformWithOxc } from 'vite';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, objectAt, own } from '../../src/scaffold/model/json.ts';
import { type ReadSources, readSources } from '../support/sources.ts';

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
  /** The properties that the document has of the body of a good answer. */
  readonly holds?: Readonly<Record<string, readonly string[]>>;
  /** Answers of the document that the requests do not meet, such as those of what only production does. */
  readonly unmet?: readonly string[];
  /** What is said besides, as code and line. */
  readonly told?: readonly string[];
}

const EXPRESS = "const express = require('express');\nconst app = express();\nmodule.exports = app;\n";
const FASTIFY = "const app = require('fastify')();\nmodule.exports = app;\n";
const KOA = `const Koa = require('koa');
const Router = require('@koa/router');
const app = new Koa();
app.silent = true;
const router = new Router();
module.exports = app;
`;
const KOA_END = 'app.use(router.routes());\n';

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
  {
    about: 'a status that is set on an error: Express',
    source: `${EXPRESS}
const fails = (status: number) => Object.assign(new Error('x'), { status });
app.get('/set', (req: any, res: any, next: any) => { const e: any = new Error('x'); e.status = 404; next(e); });
app.get('/other', (req: any, res: any, next: any) => { const e = new Error('x'); (e as any).statusCode = 409; return next(e); });
app.get('/thrown', () => { const e = new TypeError('x'); e['status'] = 410; throw e; });
app.get('/assigned', (req: any, res: any, next: any) => next(fails(403)));
app.get('/promised', async () => { throw fails(406); });
app.get('/sometimes', (req: any, res: any, next: any) => {
  const e: any = new Error('x');
  if (req.headers.x) e.status = 422;
  next(e);
});
app.get('/inside', (req: any, res: any, next: any) => {
  if (!req.headers.x) { const e: any = new Error('x'); e.status = 400; return next(e); }
  res.sendStatus(204);
});
app.get('/caught', async (req: any, res: any, next: any) => {
  try { await Promise.resolve(JSON.parse(req.headers.x)); res.sendStatus(204); }
  catch (e: any) { e.status = 422; next(e); }
});
app.get('/defaulted', (req: any, res: any, next: any) => { try { decodeURIComponent(req.headers.x); res.sendStatus(204); } catch (e) { next(e); } });
app.get('/json', (req: any, res: any) => res.json({ error: new Error('x') }));
app.use((error: any, req: any, res: any, next: any) => {
  error.status = error.status || error.statusCode || 500;
  res.status(error.status).json({ message: error.message, ...error });
});
`,
    asked: [
      'GET /set',
      'GET /other',
      'GET /thrown',
      'GET /assigned',
      'GET /promised',
      'GET /sometimes',
      'GET /sometimes x: 1',
      'GET /inside',
      'GET /inside x: 1',
      'GET /caught x: 1',
      'GET /caught x: {',
      'GET /defaulted x: 1',
      'GET /defaulted x: %',
      'GET /json',
    ],
    answers: {
      'GET /set': ['404 application/json'],
      'GET /other': ['409 application/json'],
      'GET /thrown': ['410 application/json'],
      'GET /assigned': ['403 application/json'],
      'GET /promised': ['406 application/json'],
      'GET /sometimes': ['422 application/json', '500 application/json'],
      'GET /inside': ['204', '400 application/json'],
      'GET /caught': ['204', '422 application/json'],
      'GET /defaulted': ['204', '500 application/json', 'default application/json'],
      'GET /json': ['200 application/json'],
    },
    unmet: ['default application/json'],
  },
  {
    about: 'what hands failures on is handed to what is not known: Express',
    source: `${EXPRESS}
const db = require('node:fs/promises');
app.get('/catch', (req: any, res: any, next: any) => { db.stat(req.headers.x ?? '/none').then((x: any) => res.json({ size: x.size })).catch(next); });
app.get('/resolved', (req: any, res: any, next: any) => { Promise.resolve(db.stat(req.headers.x ?? '/none')).then(() => res.json({})).catch(next); });
app.get('/both', (req: any, res: any, next: any) => { db.stat(req.headers.x ?? '/none').then(() => res.json({}), next); });
app.get('/rejects', async (req: any, res: any) => {
  await new Promise((resolve, reject) => { db.stat(req.headers.x ?? '/none').then(resolve, reject); });
  res.json({});
});
app.get('/timer', (req: any, res: any, next: any) => { setImmediate(next); }, (req: any, res: any) => res.json({}));
app.use((error: any, req: any, res: any, next: any) => { res.status(500).json({ message: 'failed' }); });
`,
    asked: [
      'GET /catch',
      'GET /catch x: /',
      'GET /resolved',
      'GET /resolved x: /',
      'GET /both',
      'GET /both x: /',
      'GET /rejects',
      'GET /rejects x: /',
      'GET /timer',
    ],
    answers: {
      'GET /catch': ['200 application/json', '500 application/json'],
      'GET /resolved': ['200 application/json', '500 application/json'],
      'GET /both': ['200 application/json', '500 application/json'],
      'GET /rejects': ['200 application/json', '500 application/json'],
      'GET /timer': ['200 application/json'],
    },
  },
  {
    about: 'a status that is set on an error: Fastify',
    source: `${FASTIFY}
const failed = (statusCode: number) => Object.assign(new Error('x'), { statusCode });
app.get('/thrown', async () => { const e: any = new Error('x'); e.statusCode = 404; throw e; });
app.get('/sent', (request: any, reply: any) => { const e: any = new Error('x'); e.statusCode = 409; reply.send(e); });
app.get('/returned', async () => failed(410));
`,
    asked: ['GET /thrown', 'GET /sent', 'GET /returned'],
    answers: {
      'GET /thrown': ['404 application/json'],
      'GET /sent': ['409 application/json'],
      'GET /returned': ['410 application/json'],
    },
  },
  {
    about: 'a status that is set on an error: Koa',
    source: `${KOA}
app.use(async (ctx: any, next: any) => {
  try { await next(); } catch (error: any) { ctx.status = error.status; ctx.body = { message: error.message }; }
});
router.get('/thrown', () => { const e: any = new Error('x'); e.status = 404; throw e; });
router.get('/assigned', async () => { throw Object.assign(new Error('x'), { status: 409 }); });
${KOA_END}`,
    asked: ['GET /thrown', 'GET /assigned'],
    answers: {
      'GET /thrown': ['404 application/json', 'default application/json'],
      'GET /assigned': ['409 application/json', 'default application/json'],
    },
    unmet: ['default application/json'],
  },
  {
    about: 'what bodies are sent as when nobody says: Express',
    source: `${EXPRESS}
const fs = require('node:fs');
app.get('/text', (req: any, res: any) => res.send(String(req.query.q)));
app.get('/stringified', (req: any, res: any) => res.send(JSON.stringify({ a: 1 })));
app.get('/date', (req: any, res: any) => res.send(new Date().toISOString()));
app.get('/date-itself', (req: any, res: any) => res.send(new Date()));
app.get('/param/:id', (req: any, res: any) => res.send(req.params.id));
app.get('/number', (req: any, res: any) => res.send(1));
app.get('/file', (req: any, res: any) => res.send(fs.readFileSync('package.json', 'utf8')));
app.get('/names', (req: any, res: any) => res.send(fs.readdirSync('docs')));
app.get('/either', (req: any, res: any) => res.send(req.headers.x ? { a: 1 } : 'none'));
app.get('/failed', (req: any, res: any) => { try { JSON.parse(req.headers.x); } catch (e: any) { res.status(500).send(e.message); } });
app.get('/typed', (req: any, res: any) => res.type(req.get('accept')).send('x'));
`,
    asked: [
      'GET /text',
      'GET /stringified',
      'GET /date',
      'GET /date-itself',
      'GET /param/{id}',
      'GET /number',
      'GET /file',
      'GET /names',
      'GET /either',
      'GET /either x: 1',
      'GET /failed x: {',
      'GET /typed accept: text/csv',
    ],
    answers: {
      'GET /text': ['200 text/html'],
      'GET /stringified': ['200 text/html'],
      'GET /date': ['200 text/html'],
      'GET /date-itself': ['200 application/json'],
      'GET /param/{id}': ['200 text/html'],
      'GET /number': ['200 application/json'],
      'GET /file': ['200 text/html'],
      'GET /names': ['200 */*'],
      'GET /either': ['200 application/json', '200 text/html'],
      'GET /failed': ['500 */*'],
      'GET /typed': ['200 */*'],
    },
    told: ['SCF076 13', 'SCF076 15'],
  },
  {
    about: 'what bodies are sent as when nobody says: Koa',
    source: `${KOA}
const fs = require('node:fs');
router.get('/html', (ctx: any) => { ctx.body = '<p>x</p>'; });
router.get('/plain', (ctx: any) => { ctx.body = 'x'; });
router.get('/text', (ctx: any) => { ctx.body = String(ctx.query.q); });
router.get('/names', (ctx: any) => { ctx.body = fs.readdirSync('docs'); });
router.get('/yaml', (ctx: any) => { ctx.type = 'yaml'; ctx.body = 'a: 1'; });
router.get('/set', (ctx: any) => { ctx.set('Content-Type', ctx.get('accept')); ctx.body = 'x'; });
${KOA_END}`,
    asked: ['GET /html', 'GET /plain', 'GET /text', 'GET /names', 'GET /yaml', 'GET /set accept: text/csv'],
    answers: {
      'GET /html': ['200 text/html'],
      'GET /plain': ['200 text/plain'],
      'GET /text': ['200 text/*'],
      'GET /names': ['200 */*'],
      'GET /yaml': ['200 text/yaml'],
      'GET /set': ['200 */*'],
    },
    told: ['SCF076 12'],
  },
  {
    about: 'what bodies are sent as when nobody says: Fastify',
    source: `${FASTIFY}
const fs = require('node:fs');
app.get('/text', async (request: any) => String(request.query.q));
app.get('/names', async () => fs.readdirSync('docs'));
app.get('/headers', async (request: any, reply: any) => { reply.headers({ 'Content-Type': 'text/csv' }); return 'a,b'; });
app.get('/declared', { schema: { response: { 200: { type: 'array', items: { type: 'string' } } } } }, async () => fs.readdirSync('docs'));
`,
    asked: ['GET /text', 'GET /names', 'GET /headers', 'GET /declared'],
    answers: {
      'GET /text': ['200 text/plain'],
      'GET /names': ['200 */*'],
      'GET /headers': ['200 text/csv'],
      'GET /declared': ['200 application/json'],
    },
    told: ['SCF076 6'],
  },
  {
    about: 'what stands behind `await next()` when it throws: Koa',
    source: `${KOA}
const httpErrors = require('http-errors');
app.use(async (ctx: any, next: any) => { await next(); ctx.body = { ...ctx.body, status: ctx.status }; });
router.get('/thrown', () => { throw httpErrors(404); });
router.get('/throw', (ctx: any) => { ctx.throw(409); });
router.get('/sometimes', (ctx: any) => { if (!ctx.headers.x) ctx.throw(403); ctx.body = { ok: true }; });
router.get('/caught', async (ctx: any) => {
  try { ctx.throw(403); } catch { ctx.status = 202; ctx.body = { caught: true }; }
});
${KOA_END}`,
    asked: ['GET /thrown', 'GET /throw', 'GET /sometimes', 'GET /sometimes x: 1', 'GET /caught'],
    answers: {
      'GET /thrown': ['404 text/plain'],
      'GET /throw': ['409 text/plain'],
      'GET /sometimes': ['200 application/json', '403 text/plain'],
      'GET /caught': ['202 application/json'],
    },
  },
  {
    about: 'handlers that end without a value: Fastify',
    source: `${FASTIFY}
app.get('/sometimes', async (request: any, reply: any) => {
  if (!request.headers.x) return reply.status(400).send({ message: 'no' });
  reply.header('y', '1');
});
app.get('/always', async (request: any, reply: any) => { reply.code(202); });
app.get('/hijacked', async (request: any, reply: any) => {
  if (!request.headers.x) return { ok: true };
  reply.hijack();
  reply.raw.end('own');
});
app.get('/sent', async (request: any, reply: any) => { reply.send({ ok: true }); });
`,
    asked: ['GET /sometimes', 'GET /sometimes x: 1', 'GET /always', 'GET /hijacked', 'GET /sent'],
    answers: {
      'GET /sometimes': ['200', '400 application/json'],
      'GET /always': ['202'],
      'GET /hijacked': ['200 application/json'],
      'GET /sent': ['200 application/json'],
    },
  },
  {
    about: 'decorators that are asked for by name or by symbol: Fastify',
    source: `${FASTIFY}
const key = Symbol('need');
const user = Symbol('user');
const need = async (request: any, reply: any) => { if (!request.headers.x) reply.code(403).send({ message: 'no' }); };
app.decorate(key, need);
app.decorate('need', need);
app.decorateRequest(user, null);
app.addHook('onRequest', async (request: any) => { request.setDecorator(user, { name: 'Ada' }); });
app.get('/named', { preHandler: app.getDecorator('need') }, async () => ({ ok: true }));
app.get('/symbol', { preHandler: app[key] }, async (request: any) => ({ [key]: 1, name: request.getDecorator(user).name }));
`,
    asked: ['GET /named', 'GET /named x: 1', 'GET /symbol', 'GET /symbol x: 1'],
    answers: {
      'GET /named': ['200 application/json', '403 application/json'],
      'GET /symbol': ['200 application/json', '403 application/json'],
    },
  },
  {
    about: 'a body that a callback sets, spread by what stands around: Koa',
    source: `${KOA}
const { setTimeout: wait } = require('node:timers/promises');
app.use(async (ctx: any, next: any) => { await next(); ctx.body = { ...ctx.body, status: ctx.status }; });
router.get('/callback', async (ctx: any) => { await wait(1).then(async () => { ctx.body = { ok: true }; }); });
${KOA_END}`,
    asked: ['GET /callback'],
    answers: { 'GET /callback': ['200 application/json'] },
    holds: { 'GET /callback': ['ok', 'status'] },
  },
  {
    about: 'redirects below what wraps bodies: Koa',
    source: `${KOA}
app.use(async (ctx: any, next: any) => {
  await next();
  if (typeof ctx.body !== 'string') ctx.body = { ...ctx.body, status: ctx.status };
});
router.get('/moved', (ctx: any) => { ctx.redirect('/other'); });
router.get('/status', (ctx: any) => { ctx.status = 201; ctx.redirect('/other'); });
router.get('/forever', (ctx: any) => { ctx.status = 301; ctx.redirect('/other'); });
${KOA_END}`,
    asked: ['GET /moved', 'GET /status', 'GET /forever'],
    answers: { 'GET /moved': ['302'], 'GET /status': ['302'], 'GET /forever': ['301'] },
  },
  {
    about: 'types that functions are declared to return: Express',
    source: `${EXPRESS}
const db = require('node:querystring');
interface Pair { a: string; b?: string }
const text = (): string => db.escape('x');
const pair = async (): Promise<Pair> => db.parse('a=1');
app.get('/text', (req: any, res: any) => { res.send(text()); });
app.get('/pair', async (req: any, res: any) => { res.json(await pair()); });
app.get('/named', async (req: any, res: any) => { const found: Pair = db.parse('a=1'); res.json(found); });
`,
    asked: ['GET /text', 'GET /pair', 'GET /named'],
    answers: {
      'GET /text': ['200 text/html'],
      'GET /pair': ['200 application/json'],
      'GET /named': ['200 application/json'],
    },
  },
  {
    about: 'parsers that throw, with nothing around them that catches: Express',
    source: `${EXPRESS}
const { z } = require('zod');
const Joi = require('joi');
const Query = z.object({ n: z.string() });
const Joined = Joi.object({ n: Joi.string().required() });
app.get('/zod', (req: any, res: any) => { Query.parse(req.query); res.json({ ok: true }); });
app.get('/safe', (req: any, res: any) => { Query.safeParse(req.query); res.json({ ok: true }); });
app.get('/joi', (req: any, res: any) => { Joi.attempt(req.query, Joined); res.json({ ok: true }); });
app.get('/caught', async (req: any, res: any, next: any) => {
  try { await Joined.validateAsync(req.query); res.json({ ok: true }); } catch (e: any) { e.status = 422; next(e); }
});
app.use((error: any, req: any, res: any, next: any) => { res.status(error.status === 422 ? 422 : 500).json({ message: 'failed' }); });
`,
    asked: [
      'GET /caught',
      'GET /caught?n=1',
      'GET /zod',
      'GET /zod?n=1',
      'GET /safe',
      'GET /joi',
      'GET /joi?n=1',
    ],
    answers: {
      'GET /zod': ['200 application/json', '422 application/json', '500 application/json'],
      'GET /safe': ['200 application/json'],
      'GET /caught': ['200 application/json', '422 application/json'],
      'GET /joi': ['200 application/json', '422 application/json', '500 application/json'],
    },
    // An error of which nothing is known may have any status.
    unmet: ['422 application/json'],
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

const generated = (source: string): Promise<ReadSources> => readSources({ 'app.ts': source });

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

/** What the document has in the body that an operation answers with 200. */
function propertiesOf(operation: string, document: JsonObject): string[] {
  const [method = '', path = ''] = operation.split(' ');
  const keys = ['paths', path, method.toLowerCase(), 'responses', '200', 'content', 'application/json'];
  return Object.keys(objectAt(objectAt(keys.reduce(objectAt, document), 'schema'), 'properties'));
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

/** Whether an answer is what a line of the document says: `200 text/*` is any text. */
function covers(described: string, given: string): boolean {
  // The text beside a redirect is for nobody.
  if (described === given || (/^30\d$/.test(described) && given.startsWith(described))) return true;
  const start = /^(.*?)(?:\*\/)?\*$/.exec(described)?.[1];
  return start !== undefined && given.startsWith(start);
}

const AJV = addFormats.default(new Ajv2020({ strict: false }));

describe('what a service answers when it runs is what its document says', () => {
  test.each(SERVICES)(
    '$about',
    async ({ source, asked, answers, holds = {}, unmet = [], told: besides = [] }) => {
      const { document, told } = await generated(source);
      expect(answersOf(document)).toEqual(answers);
      expect(told).toEqual(besides);
      for (const [operation, names] of Object.entries(holds))
        expect(propertiesOf(operation, document), operation).toEqual(names);
      const { base, stop } = await run(source);
      const met: Record<string, Set<string>> = {};
      for (const request of asked) {
        const { operation, line, wrong } = await ask(request, base, document);
        expect(wrong, request).toBeUndefined();
        met[operation] = (met[operation] ?? new Set()).add(line);
      }
      await stop();
      for (const [operation, lines] of Object.entries(answers)) {
        const given = [...(met[operation] ?? [])];
        const unknown = given.filter((one) => !lines.some((line) => covers(line, one)));
        const idle = lines.filter((line) => !unmet.includes(line) && !given.some((one) => covers(line, one)));
        expect({ unknown, idle }, operation).toEqual({ unknown: [], idle: [] });
      }
    },
  );
});
