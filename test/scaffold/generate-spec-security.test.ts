import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue, objectAt } from '../../src/scaffold/model/json.ts';
import { type ReadSources, readSources } from '../support/sources.ts';

const generated = (text: string): Promise<ReadSources> => readSources({ 'app.js': text });

/** The security of every operation: alternatives, each with its schemes; `{}` where nothing is asked for. */
function securityOf(document: JsonObject): Record<string, readonly string[]> {
  const nameOf = (requirement: JsonValue): string =>
    isJsonObject(requirement) ? Object.keys(requirement).join('+') || '{}' : '';
  return Object.fromEntries(
    Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
      Object.entries(isJsonObject(item) ? item : {}).map(([method, operation]) => {
        const security = isJsonObject(operation) ? operation['security'] : undefined;
        return [`${method} ${path}`, Array.isArray(security) ? security.map(nameOf) : []];
      }),
    ),
  );
}

describe('who refuses requests without what another function left on them', () => {
  test('asks for the credentials that the other one has read', async () => {
    const { document, told } = await generated(`const express = require('express');
const passport = require('passport');
const { expressjwt } = require('express-jwt');
const app = express();
const find = (req, res, next) => { const text = req.headers.authorization; if (!text) return next(); res.locals.user = decode(text.replace('Bearer ', '')); next(); };
const byKey = (req, res, next) => { if (req.get('x-api-key')) res.locals.user = { admin: true }; next(); };
const need = (req, res, next) => { if (!res.locals.user) return res.status(401).end(); next(); };
const admin = (req, res, next) => { if (!res.locals.user.admin) return res.status(403).end(); next(); };
const ok = (req, res) => res.json({ ok: true });
app.post('/login', find, (req, res) => { if (!check(req.body.password)) return res.status(401).end(); res.json({ ok: true }); });
app.get('/list', find, ok);
app.get('/mine', find, need, admin, ok);
app.get('/me', find, (req, res) => { if (!res.locals.user) return res.sendStatus(401); res.json({ ok: true }); });
app.get('/article', find, (req, res) => { if (!load(res.locals.user)) throw new Error('none'); res.json({ ok: true }); });
app.get('/either', find, byKey, need, ok);
app.get('/jwt', expressjwt({ credentialsRequired: false }), (req, res, next) => { if (!req.auth) return res.sendStatus(401); next(); }, ok);
app.get('/passport', passport.session(), (req, res, next) => { if (!req.user) return res.sendStatus(401); next(); }, ok);
app.get('/unclear', lookUp, (req, res, next) => { if (!req.user) return res.sendStatus(401); next(); }, ok);
`);
    expect(securityOf(document)).toEqual({
      'post /login': ['bearerAuth', '{}'],
      'get /list': ['bearerAuth', '{}'],
      'get /mine': ['bearerAuth'],
      'get /me': ['bearerAuth'],
      'get /article': ['bearerAuth', '{}'],
      'get /either': ['bearerAuth', 'xApiKey'],
      'get /jwt': ['bearerAuth'],
      'get /passport': ['sessionCookie'],
      'get /unclear': [],
    });
    // Nothing here says what keeps passport's sessions, or what looks people up.
    expect(told.filter((one) => one.startsWith('SCF086'))).toEqual(['SCF086 4', 'SCF086 18']);
  });
});

describe('a token in the query', () => {
  test('is an input where a validator states it or the handler itself reads it, and a credential in a guard', async () => {
    const { document } = await generated(`const express = require('express');
const Joi = require('joi');
const app = express();
const link = Joi.object({ token: Joi.string().length(32).required() });
const held = (req, res, next) => { const { error } = link.validate(req.query); if (error) return res.status(400).end(); next(); };
const guard = (req, res, next) => { if (req.query.token !== process.env.TOKEN) return res.status(401).end(); next(); };
app.post('/verify', async (req, res) => {
  const { error } = link.validate(req.query);
  if (error) return res.status(400).json({ message: 'bad' });
  if (!(await check(req.query.token))) return res.status(401).json({ message: 'no' });
  res.status(204).end();
});
app.post('/reset', async (req, res) => { if (!(await check(req.query.token))) return res.sendStatus(401); res.status(204).end(); });
app.get('/guarded', guard, (req, res) => res.json({ ok: true }));
app.get('/stated', held, guard, (req, res) => res.json({ ok: true }));
app.get('/key', (req, res) => { if (req.query.api_key !== KEY) return res.status(401).end(); res.json({ ok: true }); });
`);
    expect(securityOf(document)).toEqual({
      'post /verify': [],
      'post /reset': [],
      'get /guarded': ['tokenQuery'],
      'get /stated': [],
      'get /key': ['apiKeyQuery'],
    });
    const parametersOf = (path: string, method: string): JsonValue | undefined =>
      objectAt(objectAt(objectAt(document, 'paths'), path), method)['parameters'];
    const stated = {
      name: 'token',
      in: 'query',
      required: true,
      schema: { type: 'string', minLength: 32, maxLength: 32 },
    };
    expect(parametersOf('/verify', 'post')).toEqual([stated]);
    expect(parametersOf('/stated', 'get')).toEqual([stated]);
    expect(parametersOf('/reset', 'post')).toEqual([
      { name: 'token', in: 'query', schema: { type: 'string' } },
    ]);
    expect(parametersOf('/guarded', 'get')).toBeUndefined();
  });
});

describe('sessions', () => {
  test('are asked for by handlers that look into them, not by those that begin one', async () => {
    const { document } = await generated(`const app = require('express')();
app.use(require('express-session')({ secret: 'x' }));
app.get('/mine', (req, res) => { if (!req.session.user) return res.status(401).end(); res.json({ ok: true }); });
app.post('/in', (req, res) => {
  if (req.session.user) return res.redirect('/');
  if (!check(req.body.password)) return res.status(401).end();
  req.session.user = req.body.name;
  res.json({ ok: true });
});
app.post('/in-anew', (req, res) => {
  if (!check(req.body.password, req.session.tries)) return res.status(401).end();
  req.session.regenerate(() => res.json({ ok: true }));
});
`);
    expect(securityOf(document)).toEqual({
      'get /mine': ['sessionCookie'],
      'post /in': [],
      'post /in-anew': [],
    });
  });

  test.each<[what: string, cookie: string, told: readonly string[], text: string]>([
    ['@fastify/session', 'sessionId', [], fastifyWith("'@fastify/session', { secret }")],
    ['a name of its own', 'sid', [], fastifyWith("'@fastify/session', { secret, cookieName: 'sid' }")],
    [
      'a name that the run decides',
      'sessionId',
      ['SCF086 2'],
      fastifyWith("'@fastify/session', { secret, cookieName: process.env.COOKIE }"),
    ],
    ['@fastify/secure-session', 'session', [], fastifyWith("'@fastify/secure-session', { secret }")],
    ['a package that is not known', 'sessionId', ['SCF086 1'], fastifyWith("'@acme/session', { secret }")],
    [
      'options of which some are not known',
      'connect.sid',
      ['SCF086 2'],
      `const app = require('express')();
app.use(require('express-session')({ ...settings() }));
app.get('/mine', (req, res) => { if (!req.session.user) return res.status(401).end(); res.json({ ok: true }); });
`,
    ],
    [
      'koa-session, told beside the application',
      'koa:id',
      [],
      `const app = new (require('koa'))();
app.use(require('koa-session')({ key: 'koa:id' }, app));
const router = new (require('@koa/router'))();
router.get('/mine', (ctx) => { if (!ctx.session.user) ctx.throw(401); ctx.body = { ok: true }; });
app.use(router.routes());
`,
    ],
  ])('are in the cookie of %s', async (_what, cookie, expected, text) => {
    const { document, told } = await generated(text);
    expect(objectAt(objectAt(document, 'components'), 'securitySchemes')).toEqual({
      sessionCookie: { type: 'apiKey', in: 'cookie', name: cookie },
    });
    expect(told).toEqual(expected);
  });

  test('ask for nothing by themselves', async () => {
    const { document, told } = await generated(`const app = require('express')();
app.use(require('express-session')({ secret: 'x' }));
app.use('/c', require('cookie-session')({ keys: ['x'] }));
app.get('/c/open', (req, res) => res.json({ ok: true }));
`);
    expect(securityOf(document)).toEqual({ 'get /c/open': [] });
    expect(told).toEqual([]);
  });
});

describe('what is registered under a condition', () => {
  const responseOf = (document: JsonObject, path: string, status: string): JsonObject =>
    objectAt(objectAt(objectAt(objectAt(objectAt(document, 'paths'), path), 'get'), 'responses'), status);
  const schemaOf = (response: JsonObject): JsonObject =>
    objectAt(objectAt(objectAt(response, 'content'), 'application/json'), 'schema');
  const objectOf = (...names: readonly string[]): JsonObject => ({
    type: 'object',
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  });

  test('is followed both ways: error handlers, guards and routes that others stand behind', async () => {
    const { document, told } = await generated(`const app = require('express')();
const guard = (req, res, next) => { if (!req.headers.authorization) return res.status(401).end(); next(); };
app.get('/failing', (req, res, next) => next(new Error('x')));
if (process.env.MOCK) {
  app.use('/mock', guard);
  app.get('/mock/guarded', (req, res) => res.json({ mock: 'a' }));
  app.get('/item', (req, res) => res.json({ mock: req.query.as ? 'a' : 'b' }));
}
app.get('/item', (req, res) => res.json({ real: 'a' }));
app.get('/item', (req, res) => res.json({ never: 'a' }));
process.env.KEY && app.use('/keyed', (req, res, next) => { if (!req.get('x-api-key')) return res.status(403).end(); next(); });
app.get('/keyed/one', (req, res) => res.json({ ok: 'yes' }));
if (process.env.OPEN) app.get('/either', (req, res) => res.json({ open: 'a' }));
else {
  app.use(guard);
  app.get('/either', (req, res) => res.json({ closed: 'a' }));
}
app.get('/behind', (req, res) => res.json({ ok: 'yes' }));
if (process.env.NODE_ENV !== 'production') {
  app.use((error, req, res, next) => { res.status(500).json({ message: 'x', stack: 'y' }); });
}
app.use((error, req, res, next) => { res.status(500).json({ message: 'x' }); });
`);
    expect(schemaOf(responseOf(document, '/failing', '500'))).toEqual({
      anyOf: [objectOf('message', 'stack'), objectOf('message')],
    });
    expect(schemaOf(responseOf(document, '/item', '200'))).toMatchObject({
      anyOf: [{ required: ['mock'] }, { required: ['real'] }],
    });
    expect(schemaOf(responseOf(document, '/either', '200'))).toEqual({
      anyOf: [objectOf('open'), objectOf('closed')],
    });
    expect(securityOf(document)).toEqual({
      'get /failing': [],
      'get /mock/guarded': ['authorization'],
      'get /item': [],
      'get /keyed/one': ['xApiKey', '{}'],
      'get /either': ['{}', 'authorization'],
      'get /behind': ['authorization', '{}'],
    });
    expect(told).toEqual(['SCF081 10']);
  });

  test('counts for what is mounted and registered in the same branch, with every framework', async () => {
    const { document } = await generated(`const express = require('express');
const inner = express.Router();
inner.get('/one', (req, res) => res.json({ ok: 'yes' }));
const app = express();
const guard = (req, res, next) => { if (!req.headers.authorization) return res.status(401).end(); next(); };
if (process.env.A) { app.use(guard); app.use('/same', inner); }
app.use('/beside', inner);
const koa = new (require('koa'))();
const router = new (require('@koa/router'))();
if (process.env.B) router.use((ctx, next) => { if (!ctx.headers['x-api-key']) ctx.throw(401); return next(); });
router.get('/koa', (ctx) => { ctx.body = { ok: 'yes' }; });
koa.use(router.routes());
const fastify = require('fastify')();
if (process.env.C) fastify.addHook('onRequest', async (request, reply) => { if (!request.headers.authorization) await reply.code(401).send({ m: 'no' }); });
fastify.get('/fastify', async () => ({ ok: 'yes' }));
`);
    expect(securityOf(document)).toEqual({
      'get /same/one': ['authorization'],
      'get /beside/one': ['authorization', '{}'],
      'get /koa': ['xApiKey', '{}'],
      'get /fastify': ['authorization', '{}'],
    });
  });
});

test('express-jwt refuses tokens that do not hold, also where none is required', async () => {
  const { document } = await generated(`const { expressjwt } = require('express-jwt');
const app = require('express')();
app.get('/optional', expressjwt({ secret: 's', algorithms: ['HS256'], credentialsRequired: false }), (req, res) => res.json({ ok: true }));
app.get('/required', expressjwt({ secret: 's', algorithms: ['HS256'] }), (req, res) => res.json({ ok: true }));
app.use((error, req, res, next) => { res.status(error.statusCode || error.status || 500).json({ error }); });
`);
  expect(securityOf(document)).toEqual({
    'get /optional': ['bearerAuth', '{}'],
    'get /required': ['bearerAuth'],
  });
  for (const path of ['/optional', '/required']) {
    const { responses } = objectAt(objectAt(objectAt(document, 'paths'), path), 'get');
    expect(responses).toEqual({
      '200': expect.anything(),
      '401': {
        description: 'Unauthorized',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['error'],
              properties: {
                error: {
                  type: 'object',
                  required: ['name', 'code', 'status', 'inner'],
                  properties: {
                    name: { type: 'string' },
                    code: { type: 'string' },
                    status: { type: 'integer' },
                    inner: { type: 'object' },
                  },
                },
              },
            },
          },
        },
      },
    });
  }
});

function fastifyWith(registered: string): string {
  const [name = '', ...options] = registered.split(', ');
  return `const app = require('fastify')();
app.register(require(${name}), ${options.join(', ')});
app.get('/mine', { onRequest: async (request, reply) => { if (!request.session.user) await reply.code(401).send({ message: 'no' }); } }, async () => ({ ok: true }));
`;
}
