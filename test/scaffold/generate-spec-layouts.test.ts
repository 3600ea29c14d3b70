import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, objectAt, own } from '../../src/scaffold/model/json.ts';
import { type ReadSources, readSources } from '../support/sources.ts';

type Files = Readonly<Record<string, string>>;

const documentOf = (files: Files): Promise<ReadSources> => readSources(files, { withFiles: true });

/** Every operation in a line: method, path, statuses, and what it asks for. */
function linesOf(document: JsonObject): string[] {
  return Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
    Object.entries(isJsonObject(item) ? item : {}).map(([method, operation]) => {
      const described = isJsonObject(operation) ? operation : {};
      const statuses = Object.keys(objectAt(described, 'responses')).join(' ');
      const security = own(described, 'security');
      const schemes = Array.isArray(security)
        ? security.flatMap((one) => (isJsonObject(one) ? Object.keys(one) : []))
        : [];
      return [method.toUpperCase(), path, statuses, ...schemes].join(' ').trim();
    }),
  );
}

/** Layouts that real applications have, each with what there is to find. */
const LAYOUTS: readonly (readonly [what: string, files: Files, lines: readonly string[]])[] = [
  [
    'lists of routes, wrapped controllers, a guard around passport',
    {
      'app.js': `const express = require('express');
const ApiError = require('./api-error');
const app = express();
const routes = [{ path: '/users', route: require('./users') }];
routes.forEach(({ path, route }) => app.use(\`/v1\${path}\`, route));
app.use((req, res, next) => next(new ApiError(404, 'Not found')));
app.use((err, req, res, next) => {
  const { statusCode, message } = err;
  res.status(statusCode).send({ code: statusCode, message });
});
`,
      'api-error.js': `module.exports = class ApiError extends Error {
  constructor(statusCode, message) { super(message); this.statusCode = statusCode; }
};
`,
      'auth.js': `const passport = require('passport');
const ApiError = require('./api-error');
module.exports = (...rights) => (req, res, next) =>
  new Promise((resolve, reject) => {
    passport.authenticate('jwt', { session: false }, (err, user) => (user ? resolve() : reject(new ApiError(401, 'no'))))(req, res, next);
  }).then(() => next()).catch((err) => next(err));
`,
      'users.js': `const router = require('express').Router();
const auth = require('./auth');
const ApiError = require('./api-error');
const catchAsync = (fn) => (req, res, next) => { Promise.resolve(fn(req, res, next)).catch((err) => next(err)); };
const getUser = catchAsync(async (req, res) => {
  const user = await users.find(req.params.id);
  if (!user) throw new ApiError(404, 'User not found');
  res.send({ id: user.id });
});
router.route('/:id').get(auth('getUsers'), getUser).delete((req, res) => res.sendStatus(204));
module.exports = router;
`,
    },
    ['GET /v1/users/{id} 200 401 404 default bearerAuth', 'DELETE /v1/users/{id} 204'],
  ],
  [
    'an application started when a database is there, routes as data, controllers by name',
    {
      'index.ts': `import * as express from 'express';
import { AppDataSource } from './data-source';
import { Routes } from './routes';
AppDataSource.initialize().then(async () => {
  const app = express();
  Routes.forEach((route) => {
    (app as any)[route.method](route.route, (req: Request, res: Response, next: Function) => {
      const result = new (route.controller as any)()[route.action](req, res, next);
      res.json(result);
    });
  });
});
`,
      'data-source.ts': `import { DataSource } from 'typeorm';
export const AppDataSource = new DataSource({});
`,
      'routes.ts': `import { Users } from './users';
export const Routes = [
  { method: 'get', route: '/users', controller: Users, action: 'all' },
  { method: 'post', route: '/users', controller: Users, action: 'save' },
];
`,
      'users.ts': `export class Users {
  async all() { return [{ id: 1 }]; }
  async save(request: Request) { return { name: request.body.name }; }
}
`,
    },
    ['GET /users 200', 'POST /users 200'],
  ],
  [
    'functions that take the application, and nobody calls',
    {
      'users.js': `module.exports = (app) => {
  const router = require('express').Router();
  router.post('/', require('./controller').create);
  app.use('/api/users', router);
  app.route('/ping').get((req, res) => res.send('pong'));
};
`,
      'controller.js': `exports.create = (req, res) => {
  if (!req.body.title) { res.status(400).send({ message: 'empty' }); return; }
  Thing.create(req.body).then((data) => res.send(data)).catch((err) => { res.status(500).send({ message: err.message }); });
};
`,
    },
    ['POST /api/users 200 400 500', 'GET /ping 200'],
  ],
  [
    'Koa with prefix(), combined routers and a token for everything',
    {
      'app.js': `const Koa = require('koa');
const Router = require('koa-router');
const jwt = require('koa-jwt');
const combineRouters = require('koa-combine-routers');
const app = new Koa();
const users = new Router();
users.prefix('/users');
users.get('/', async (ctx) => { ctx.body = []; });
users.get('/:id([0-9]{1,})', async (ctx) => { ctx.assert(await find(ctx.params.id), 404); ctx.body = { id: ctx.params.id }; });
const admin = new Router({ prefix: '/admin' });
admin.del('/cache', (ctx) => { ctx.status = 204; });
app.use(jwt({ secret: 'x' }));
app.use(combineRouters(users, admin)());
`,
    },
    [
      'GET /users 200 401 bearerAuth',
      'GET /users/{id} 200 401 404 bearerAuth',
      'DELETE /admin/cache 204 401 bearerAuth',
    ],
  ],
  [
    'Fastify with routes as data, a decorator that verifies, limits for all',
    {
      'index.js': `const fastify = require('fastify')({ logger: true });
fastify.register(require('@fastify/jwt'), { secret: 'x' });
fastify.register(require('@fastify/rate-limit'), { max: 100 });
fastify.decorate('authenticate', async (request, reply) => {
  try { await request.jwtVerify(); } catch (err) { reply.send(err); }
});
require('./routes').forEach((route) => fastify.route(route));
fastify.get('/me', { onRequest: [fastify.authenticate] }, async () => ({ me: true }));
fastify.listen({ port: 3000 });
`,
      'routes.js': `module.exports = [
  { method: 'GET', url: '/cars', handler: async () => [] },
  { method: ['PUT', 'PATCH'], url: '/cars/:id', handler: async (request, reply) => reply.code(204).send() },
];
`,
    },
    [
      'GET /cars 200 429',
      'PUT /cars/{id} 204 429',
      'PATCH /cars/{id} 204 429',
      'GET /me 200 401 429 bearerAuth',
    ],
  ],
  [
    'what TypeScript has compiled, and files found by reading a folder',
    {
      'app.js': `"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };
Object.defineProperty(exports, "__esModule", { value: true });
const fs = require("fs");
const path = require("path");
const express_1 = __importDefault(require("express"));
const users_1 = __importDefault(require("./users"));
const app = (0, express_1.default)();
app.use("/users", users_1.default);
fs.readdirSync(path.join(__dirname, "more"))
  .filter((file) => file.slice(-3) === ".js" && file !== "index.js")
  .forEach((file) => app.use("/" + file.replace(".js", ""), require("./more/" + file)));
Promise.resolve().then(() => __importStar(require("./users")));
exports.default = app;
`,
      'users.js': `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const express_1 = require("express");
const router = (0, express_1.Router)();
router.get("/", (req, res) => res.json([]));
exports.default = router;
`,
      'more/cats.js':
        "const r = require('express').Router();\nr.get('/', (q, s) => s.json({}));\nmodule.exports = r;\n",
      'more/index.js': 'module.exports = {};\n',
    },
    ['GET /users 200', 'GET /cats 200'],
  ],
  [
    'a singleton, bound methods, a lazy import, a guard that verifies tokens',
    {
      'app.ts': `import express, { Router } from 'express';
import controller from './controller';
import { authorize } from './auth';
class Server {
  private static instance?: Server;
  private readonly app = express();
  static get(): Server { return (this.instance ??= new Server()); }
  constructor() {
    const api = Router({ mergeParams: true });
    api.get('/users/:id', (req, res) => controller.show(req, res)).post('/users', controller.create.bind(controller));
    this.app.use('/api', [authorize('admin')], api);
    void import('./lazy').then(({ default: lazy }) => this.app.use('/lazy', lazy));
  }
}
Server.get();
`,
      'auth.ts': `import jwt from 'jsonwebtoken';
export const authorize = (role: string) => (req: Request, res: Response, next: NextFunction) => {
  const token = req.headers.authorization?.split(' ')[1];
  if (!token) return res.status(401).json({ message: 'No token' });
  try { req.user = jwt.verify(token, role); next(); } catch { res.status(403).json({ message: 'Invalid' }); }
};
`,
      'controller.ts': `const sendSuccess = <T>(res: Response, data: T, status = 200) => res.status(status).json({ success: true, data });
class Controller {
  async show(req: Request, res: Response) { return sendSuccess(res, { id: req.params.id }); }
  async create(req: Request, res: Response) { return sendSuccess(res, { id: '1' }, 201); }
}
export default new Controller();
`,
      'lazy.ts': `import { Router } from 'express';
const router = Router();
router.get('/x', (_req, res) => { res.redirect('/y'); });
export default router;
`,
    },
    [
      'GET /api/users/{id} 200 401 403 bearerAuth',
      'POST /api/users 201 401 403 bearerAuth',
      'GET /lazy/x 302',
    ],
  ],
  [
    'plugins of Fastify that ask for credentials, each in its own part',
    {
      'app.ts': `import Fastify from 'fastify';
import auth from '@fastify/auth';
import basic from '@fastify/basic-auth';
import bearer from '@fastify/bearer-auth';
const app = Fastify();
app.register(auth).register(basic, { validate: () => {} });
app.register(async (inner) => {
  await inner.register(bearer, { keys: ['x'] });
  inner.get('/token', async () => ({ ok: true }));
});
app.decorate('byKey', async (request, reply) => {
  if (request.headers['x-api-key'] !== 'k') return reply.code(401).send({ error: 'key' });
});
app.after(() => {
  app.get('/password', { onRequest: app.basicAuth }, async () => ({}));
  app.get('/key', { preHandler: app.auth([app.byKey]) }, async () => ({}));
});
app.get('/open', async () => 'x');
`,
    },
    [
      'GET /token 200 401 bearerAuth',
      'GET /password 200 401 basicAuth',
      'GET /key 200 401 xApiKey',
      'GET /open 200',
    ],
  ],
  [
    'paths: optional parts, patterns, lists, regular expressions, the same path under two names',
    {
      'app.js': `const app = require('express')();
const done = (req, res) => res.end();
app.get('/a/:id(\\\\d+)', done);
app.put('/a/:key(\\\\d+)', done);
app.get('/b/:x?', done);
app.get(['/c', '/d'], done);
app.get(/^\\/e\\/(\\w+)$/, done);
app.get('/f{/:y}', done);
app.get('/g/*rest', done);
app.get('*', done);
app.get(process.env.SOMEWHERE, done);
`,
    },
    [
      'GET /a/{id} 200',
      'PUT /a/{id} 200',
      'GET /b/{x} 200',
      'GET /b 200',
      'GET /c 200',
      'GET /d 200',
      'GET /e/{0} 200',
      'GET /f/{y} 200',
      'GET /f 200',
      'GET /g/{rest} 200',
      'GET /{wildcard} 200',
    ],
  ],
  [
    'a token for everything but what `unless` names, and celebrate',
    {
      'app.js': `const express = require('express');
const { celebrate, Joi, errors, Segments } = require('celebrate');
const { expressjwt } = require('express-jwt');
const app = express();
app.use(express.json());
app.use(expressjwt({ secret: 'x', algorithms: ['HS256'] }).unless({
  path: ['/sessions', { url: '/books', methods: ['GET'] }, /^\\/open\\/.*/],
}));
app.post('/sessions', celebrate({ [Segments.BODY]: { user: Joi.string().required() } }), (req, res) => res.json({}));
app.get('/books', celebrate({ query: Joi.object({ page: Joi.number() }) }), (req, res) => res.json([]));
app.post('/books', (req, res) => res.status(201).json({}));
app.get('/open/:file', (req, res) => res.sendFile(req.params.file));
app.use(errors());
app.use((err, req, res, next) => { res.status(err.status || 500).json({ error: err.name }); });
`,
    },
    [
      'POST /sessions 200 400',
      'GET /books 200 400',
      'POST /books 201 401 bearerAuth',
      'GET /open/{file} 200',
    ],
  ],
  [
    'koa-joi-router, parameters that are looked up, applications in applications',
    {
      'app.js': `const Koa = require('koa');
const mount = require('koa-mount');
const router = require('koa-joi-router');
const Plain = require('@koa/router');
const Joi = router.Joi;
const pub = router();
pub.prefix('/v1');
pub.route({ method: ['post'], path: '/people', validate: { type: 'json', body: { name: Joi.string().required() } },
  handler: async (ctx) => { ctx.status = 201; ctx.body = { id: 1 }; } });
const plain = new Plain();
plain.param('slug', async (slug, ctx, next) => { ctx.assert(await find(slug), 404); return next(); });
plain.post('pages.list', async (ctx) => { ctx.body = []; });
plain.get('/pages/:slug', async (ctx) => { ctx.body = { slug: ctx.params.slug }; });
const inner = new Koa();
const nested = new Plain();
nested.use('/', plain.routes());
inner.use(nested.routes());
const app = new Koa();
app.use(pub.middleware());
app.use(mount('/api', inner));
`,
    },
    ['POST /v1/people 201 400', 'POST /api/pages.list 200', 'GET /api/pages/{slug} 200 404'],
  ],
  [
    'sessions: pages that send people away, a guard that reads them, passport with a name of its own',
    {
      'app.js': `const express = require('express');
const session = require('express-session');
const passport = require('passport');
const app = express();
app.use(session({ name: 'sid', secret: 'x' }));
const page = (req, res, next) => { if (req.isAuthenticated()) return next(); res.redirect('/login'); };
const member = (req, res, next) => { if (!req.session.userId) return res.status(401).end(); next(); };
app.get('/account', page, (req, res) => res.render('account'));
app.get('/feed', member, (req, res) => res.json([]));
app.post('/login', passport.authenticate('local'), (req, res) => { req.session.userId = 1; res.sendStatus(204); });
app.get('/auth/github', passport.authenticate('github'));
`,
    },
    [
      'GET /account 200 302 sessionCookie',
      'GET /feed 200 401 sessionCookie',
      'POST /login 204 401',
      'GET /auth/github 302 401',
    ],
  ],
  [
    'handlers that leave requests to others, or to nobody, and a parameter of what is mounted',
    {
      'app.js': `const app = require('express')();
const inner = require('express').Router({ mergeParams: true });
inner.get('/x', (req, res) => res.json({}));
app.param('org', (req, res, next, id) => (id === '0' ? res.status(410).end() : next()));
app.use('/orgs/:org', inner);
app.get('/draft/:id', (req, res, next) => { if (req.query.draft) return res.json({ draft: true }); next(); });
app.get('/draft/:id', (req, res) => res.status(203).json({ id: req.params.id }));
app.get('/maybe', (req, res, next) => (req.query.yes ? res.json({}) : next()));
app.get('/done', (req, res, next) => { res.json({}); next(); });
`,
    },
    ['GET /orgs/{org}/x 200 410', 'GET /draft/{id} 200 203', 'GET /maybe 200 404', 'GET /done 200'],
  ],
  [
    'slashes at the end, where they count and where they do not, and optional parts in front of a path',
    {
      'app.js': `const express = require('express');
const app = express();
const strict = express.Router({ strict: true });
strict.get('/a/', (req, res) => res.end());
const loose = express.Router();
loose.get('/b/:id/', (req, res) => res.end());
loose.get('{/:size}/tiles.json', (req, res) => res.end());
loose.post('/pull/?*', (req, res) => res.end());
loose.post('/show/:name*', (req, res) => res.end());
app.use('/s/', strict).use('/l/', loose);
`,
      'other.js': `const app = require('fastify')({ ignoreTrailingSlash: true });
app.get('/c/', async () => 'c');
const plain = require('fastify')();
plain.get('/d/', async () => 'd');
`,
    },
    [
      'GET /s/a/ 200',
      'GET /l/b/{id} 200',
      'GET /l/{size}/tiles.json 200',
      'GET /l/tiles.json 200',
      'POST /l/pull/{wildcard} 200',
      'POST /l/pull 200',
      'POST /l/show/{name} 200',
      'GET /c 200',
      'GET /d/ 200',
    ],
  ],
  [
    'functions for others to call, of which one calls the other, and a helper that makes applications',
    {
      'admin.js': `const { createServerApp } = require('./tools');
exports.init = (settings) => {
  const app = createServerApp(settings);
  app.get('/flows', (req, res) => res.json([]));
  return app;
};
`,
      'main.js': `const tools = require('./tools');
let app;
function init(settings) {
  app = tools.createServerApp(settings);
  app.use((req, res, next) => (req.headers['x-api-key'] ? next() : res.status(401).end()));
  app.use('/editor', require('./admin').init(settings));
}
module.exports = { init, get app() { return app; } };
`,
      'tools.js':
        "const express = require('express');\nmodule.exports = { createServerApp: (settings) => { const app = express(); return app; } };\n",
    },
    ['GET /editor/flows 200 401 xApiKey'],
  ],
  [
    'promises of routers, and a module whose name is one of two',
    {
      'app.mjs': `import express from 'express';
const { maps } = await import(process.env.LIGHT ? './light.mjs' : './full.mjs');
const app = express();
const pending = [];
pending.push(maps.init({}).then((router) => { app.use('/maps', router); }));
app.get('/health', (req, res) => res.end());
`,
      'full.mjs': `import express from 'express';
export const maps = { init: async () => { const app = express().disable('x-powered-by'); app.get('/:id', (req, res) => res.json({})); return app; } };
`,
      'light.mjs': 'export const maps = { init: () => {} };\n',
    },
    ['GET /maps/{id} 200', 'GET /health 200'],
  ],
  [
    'all methods, of which some are answered, and middleware that is all that a router has',
    {
      'app.js': `const express = require('express');
const app = express();
const only = (methods) => (req, res, next) => (methods.indexOf(req.method) === -1 ? res.status(405).end() : next());
app.all('/docs', (req, res, next) => {
  if (req.method !== 'GET' && req.method !== 'POST') return next();
  res.json([]);
});
app.all('/ids', only(['GET']), (req, res) => res.json([]));
app.all('/by', (req, res) => {
  switch (req.method) {
    case 'PUT': { res.status(201).end(); break; }
    case 'PATCH':
    case 'DELETE':
      return res.status(204).end();
    default:
      res.status(405).end();
  }
});
app.all('/seen', (req, res, next) => { if (req.session.note) delete req.session.note; load().then(next).catch(next); });
app.get('/seen', (req, res) => res.end());
const proxy = express.Router();
proxy.use('/', async (req, res) => { res.status(203).end(); });
const gone = express.Router();
gone.use((req, res) => res.status(404).end());
app.use('/proxy', proxy).use('/gone', gone);
`,
    },
    [
      'GET /docs 200',
      'POST /docs 200',
      'GET /ids 200',
      'PUT /by 201',
      'PATCH /by 204',
      'DELETE /by 204',
      'GET /seen 200',
      ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /proxy 203`),
    ],
  ],
  [
    'routers of classes that keep their routes as data, and what compilers make of async functions',
    {
      'app.js': `var express = require('express');
class App {
  static app(options) {
    const api = express();
    api.use('/api', new (require('./books').BooksRouter)().expressRouter());
    return api;
  }
}
module.exports = App;
`,
      'base.js': `const express_1 = require('express');
const Layer = require('router/lib/layer');
class Base {
  constructor(routes = []) { this.routes = routes; this.mountRoutes(); }
  mountRoutes() {}
  route(method, path, handler) {
    switch (method) { case 'GET': case 'POST': break; default: throw 'no such method'; }
    this.routes.push({ method, path, handler, layer: new Layer(path, null, handler) });
  }
  expressRouter() {
    const router = (0, express_1.Router)();
    this.routes.forEach((route) => { router[route.method.toLowerCase()].call(router, route.path, route.handler); });
    return router;
  }
}
module.exports = Base;
`,
      'books.js': `const Base = require('./base');
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) { return new (P || (P = Promise))(function (resolve, reject) { step(generator.next()); }); };
var __generator = (this && this.__generator) || function (thisArg, body) { return step; };
class BooksRouter extends Base {
  mountRoutes() { this.route('GET', '/books', all); this.route('POST', '/books', all); }
  expressRouter() { const router = super.expressRouter(); router.get('/' + process.env.MORE, all); return router; }
}
var all = function (req, res) { return __awaiter(void 0, void 0, void 0, function () {
  var found, e_1;
  return __generator(this, function (_a) {
    switch (_a.label) {
      case 0:
        _a.trys.push([0, 2, , 3]);
        return [4 /*yield*/, find(req.query.q)];
      case 1:
        found = _a.sent();
        _a.label = 2;
        if (!found) return [2 /*return*/, res.status(404).end()];
        res.status(203).json(found);
        return [3 /*break*/, 3];
      case 2:
        e_1 = _a.sent();
        res.status(502).end();
        return [3 /*break*/, 3];
      case 3: return [2 /*return*/];
    }
  });
}); };
exports.BooksRouter = BooksRouter;
`,
      'loops.js': `var e_1, _a;
const router = require('express').Router();
try {
  for (var list = __values(load()), one = list.next(); !one.done; one = list.next()) { note(one.value); }
}
catch (e_1_1) { e_1 = { error: e_1_1 }; }
finally { try { if (one && !one.done && (_a = list.return)) _a.call(list); } finally { if (e_1) throw e_1.error; } }
router.get('/after', (req, res) => res.end());
require('express')().use('/loops', router);
`,
    },
    ['GET /loops/after 200', 'GET /api/books 203 404 502', 'POST /api/books 203 404 502'],
  ],
  [
    'imports that name the folders of the project, beside packages of the same name',
    {
      'package.json': '{ "name": "shop", "dependencies": { "koa": "3", "koa-router": "14", "config": "4" } }',
      'src/server.js': `const Koa = require('koa');
const config = require('config');
const app = new Koa();
app.use(require('middleware/failures'));
app.use(require('routes').routes());
module.exports = app;
`,
      'src/config/index.js': "module.exports = { get: () => '/wrong' };\n",
      'src/middleware/failures.js': `const _ = require('lodash');
module.exports = async (ctx, next) => {
  try { await next(); } catch (err) { ctx.status = _.defaultTo(err.status, 500); ctx.body = { errors: {} }; }
};
`,
      'src/routes/index.js': `const Router = require('koa-router');
const router = new Router();
const api = new Router();
api.use(require('./carts'));
router.use('/api', api.routes());
module.exports = router;
`,
      'src/routes/carts.js': `const Router = require('koa-router');
const carts = require('controllers').carts;
const router = new Router();
router.param('cart', carts.byId);
router.get('/carts/:cart', carts.show).del('/carts/:cart', carts.remove);
module.exports = router.routes();
`,
      'src/controllers/index.js': "exports.carts = require('controllers/carts');\n",
      'src/controllers/carts.js': `module.exports = {
  async byId(id, ctx, next) { ctx.assert(await find(id), 404); return next(); },
  async show(ctx) { ctx.body = { cart: {} }; },
  async remove(ctx) { ctx.status = 204; },
};
`,
    },
    ['GET /api/carts/{cart} 200 404 500 default', 'DELETE /api/carts/{cart} 204 404 500 default'],
  ],
  [
    "redirects of Koa's routers, and middleware of theirs that answers below a path",
    {
      'app.js': `const Koa = require('koa');
const Router = require('@koa/router');
const app = new Koa();
const moved = new Router();
moved.redirect('/from', '/to', 308).redirect('/old', '/new');
const pages = new Router({ prefix: '/pages' });
pages.use(['/gone/:id', '/left'], (ctx) => { ctx.status = 307; ctx.redirect('/pages/new'); });
pages.use('/seen', async (ctx, next) => { await next(); });
pages.get('/new', (ctx) => { ctx.body = 'x'; });
pages.get('(.*)', (ctx) => { ctx.body = 'y'; });
const api = new Router();
api.use('/api', (ctx) => { ctx.body = 'found by no route'; });
api.get('/status', (ctx) => { ctx.body = 'z'; });
app.use(moved.routes()).use(pages.routes()).use(api.routes());
`,
    },
    [
      ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /from 308`),
      ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /old 301`),
      'GET /pages/gone/{id} 307',
      'GET /pages/left 307',
      'GET /pages/new 200',
      'GET /pages/{wildcard} 200',
      'GET /status 200',
    ],
  ],
  [
    'a whole repository: applications of tests and examples, and what was compiled',
    {
      'dist/app.js': "const app = require('express')();\napp.get('/old', (req, res) => res.end());\n",
      'examples/app.js': "const app = require('express')();\napp.get('/example', (req, res) => res.end());\n",
      'server/routes/example/index.js':
        "const r = require('express').Router();\nr.get('/', (req, res) => res.end());\nmodule.exports = r;\n",
      'src/app.ts':
        "import express from 'express';\nconst app = express();\napp.get('/now', (req, res) => res.end());\napp.use('/example', require('../server/routes/example'));\n",
      'test/support/server.js':
        "const app = require('express')();\napp.get('/fake', (req, res) => res.end());\n",
      'web/app.tsx': 'export const App = () => <div>{api.get("/now")}</div>;\n',
    },
    ['GET /now 200', 'GET /example 200'],
  ],
];

describe('layouts of applications', () => {
  test.each(LAYOUTS)('%s', async (_what, files, lines) => {
    const { document } = await documentOf(files);
    expect(linesOf(document)).toEqual(lines);
  });

  test('what is decided at run time is named with its place', async () => {
    const { told } = await documentOf({
      'app.js':
        "const app = require('express')();\napp.get('/ok', (req, res) => res.json(load()));\napp.get(process.env.P, (req, res) => res.end());\napp.use(require(process.env.Q));\n",
    });
    expect(told).toEqual(['SCF075 src/app.js:4', 'SCF076 src/app.js:2', 'SCF074 src/app.js:3']);
  });
});

describe('what packages answer', () => {
  test.each<[framework: string, text: string, expected: readonly string[]]>([
    [
      'Express',
      `const { extra, plugins } = require('acme');
const { ExpressAdapter } = require('@bull-board/express');
const app = require('express')();
app.use(require('helmet')(), require('cors')());
app.use('/api', require('express-rate-limit')({}), require('express').json());
app.use('/dash', require('express-basic-auth')({ users: {} }), require('agendash')({}));
app.use('/queues', new ExpressAdapter().getRouter());
app.use('/extra', extra.router);
app.use(extra.router);
app.use('/proxy', require('http-proxy-middleware').createProxyMiddleware({}));
for (const plugin of plugins) app.use('/plugin', plugin.make());
app.use('/docs', require('swagger-ui-express').setup({}));
app.use('/files', require('express').static('public'));
app.get('/ok', (req, res) => res.end());
`,
      [6, 7, 8, 9, 10, 11, 12, 13].map((line) => `SCF075 src/app.js:${line}`),
    ],
    [
      'Koa',
      `const { extra, plugins } = require('acme');
const mount = require('koa-mount');
const app = new (require('koa'))();
const router = new (require('@koa/router'))();
app.use(require('koa-bodyparser')());
app.use(extra.routes());
router.use('/extra', extra.routes());
app.use(mount('/mounted', extra));
app.use(mount('/files', require('koa-static')('public')));
for (const plugin of plugins) router.use('/', plugin.router.routes());
router.get('/ok', (ctx) => { ctx.status = 204; });
app.use(router.routes());
`,
      [6, 7, 8, 9, 10].map((line) => `SCF075 src/app.js:${line}`),
    ],
    [
      'Fastify',
      `const app = require('fastify')();
app.register(require('@fastify/cors'), {});
app.register(require('@fastify/static'), { root: 'public', prefix: '/files' });
app.register(require('fastify-healthz'), { prefix: '/health' });
app.register(require('@bull-board/fastify').adapter.registerRoutes().router, {});
app.get('/ok', async () => 'ok');
`,
      [3, 4, 5].map((line) => `SCF075 src/app.js:${line}`),
    ],
  ])('of %s is named where it is mounted', async (_framework, text, expected) => {
    const { document, told } = await documentOf({ 'app.js': text });
    expect(Object.keys(objectAt(document, 'paths'))).toEqual(['/ok']);
    expect(told).toEqual(expected);
  });
});

describe('handlers that are not known', () => {
  test.each<[framework: string, text: string, lines: readonly string[], told: readonly number[]]>([
    [
      'Express',
      `const service = require('acme');
const app = require('express')();
const guard = (req, res, next) => { if (!req.headers.authorization) return res.status(401).end(); next(); };
app.get('/package', guard, service.metrics());
app.get('/limited', require('express-rate-limit')({}), service.metrics());
app.get('/handed', guard, (req, res) => service.handle(req, res));
app.get('/some', (req, res) => { if (!req.query.a) return res.status(400).end(); service.handle(req, res); });
app.get('/later', guard, (req, res) => { service.find((error, found) => { if (error) return res.status(500).end(); res.json(found); }); });
app.get('/next', guard, (req, res, next) => next());
`,
      [
        'GET /package 401 default authorization',
        'GET /limited 429 default',
        'GET /handed 401 default authorization',
        'GET /some 400 default',
        'GET /later 200 401 500 authorization',
        'GET /next 401 404 authorization',
      ],
      [4, 5, 6, 7],
    ],
    [
      'Fastify',
      `const service = require('acme');
const app = require('fastify')();
app.addHook('onRequest', async (request, reply) => { if (!request.headers.authorization) return reply.code(401).send({ m: 'no' }); });
app.get('/package', service.handler);
app.get('/handed', async (request, reply) => { await service.send(reply); return reply; });
app.get('/later', (request, reply) => { service.load((error, found) => reply.send(found)); });
`,
      [
        'GET /package 401 default authorization',
        'GET /handed 401 default authorization',
        'GET /later 200 401 authorization',
      ],
      [4, 5],
    ],
    [
      'Koa',
      `const service = require('acme');
const app = new (require('koa'))();
const router = new (require('@koa/router'))();
router.get('/package', async (ctx, next) => { if (!ctx.headers.authorization) { ctx.status = 401; return; } await next(); }, service.handler());
router.get('/some', async (ctx) => { if (ctx.query.a) { ctx.status = 404; return; } await require('koa-send')(ctx, 'x'); });
router.get('/logged', async (ctx) => { service.log(ctx); ctx.body = { ok: true }; });
app.use(router.routes());
`,
      ['GET /package 401 default authorization', 'GET /some 404 default', 'GET /logged 200'],
      [4, 5],
    ],
  ])('of %s are named behind answers that are known', async (_framework, text, lines, expected) => {
    const { document, told } = await documentOf({ 'app.js': text });
    expect(linesOf(document)).toEqual(lines);
    expect(told.filter((one) => one.startsWith('SCF078'))).toEqual(
      expected.map((line) => `SCF078 src/app.js:${line}`),
    );
  });
});

describe('what has no counterpart', () => {
  test('is named with its place', async () => {
    const { document, told } = await documentOf({
      'app.js': `const express = require('express');
const files = require('express-file-routing');
const v = require('valibot');
const app = express();
app.search('/books', (req, res) => res.json([]));
app.use('/api', files.router({ directory: 'routes' }));
app.post('/books', (req, res) => { v.parse(Book, req.body); res.sendStatus(204); });
app.put('/books', (req, res) => { check.custom(req.body.x); res.sendStatus(204); });
`,
    });
    expect(linesOf(document)).toEqual(['POST /books 204', 'PUT /books 204']);
    expect(told).toContain('SCF074 src/app.js:5');
    expect(told).toContain('SCF075 src/app.js:6');
    expect(told).toContain('SCF077 src/app.js:7');
  });
});

describe('hostile sources', () => {
  test.each<[string, string]>([
    [
      'routers that hold themselves',
      "const r = require('express').Router(); r.use('/s', r); r.get('/ok', (q, s) => s.end()); app.use(r);",
    ],
    [
      'routers mounted twice at every level',
      `${Array.from({ length: 40 }, (_, at) => `const r${at} = require('express').Router(); ${at > 0 ? `r${at}.use('/a', r${at - 1}); r${at}.use('/b', r${at - 1});` : ''}`).join('\n')}\napp.use(r39); app.get('/ok', (q, s) => s.end());`,
    ],
    [
      'values shared at every level',
      `${Array.from({ length: 40 }, (_, at) => (at === 0 ? 'const o0 = { x: 1 };' : `const o${at} = { a: o${at - 1}, b: o${at - 1} };`)).join('\n')}\napp.get('/ok', (q, s) => s.json(o39));`,
    ],
    [
      'lists and objects that hold themselves',
      "const l = []; l.push(l); const o = {}; o.o = o; app.get(l, l); app.get('/ok', (q, s) => s.json({ o, l }));",
    ],
    [
      'texts that double',
      `let t = 'x'; ${'t = t + t; '.repeat(60)} app.get(t, (q, s) => s.end()); app.get('/ok', (q, s) => s.send(t));`,
    ],
    [
      'functions that call two others',
      `${Array.from({ length: 40 }, (_, at) => `function f${at}(n) { return [f${at + 1}(n), f${at + 1}(n)]; }`).join('\n')} function f40() {} app.get('/ok', (q, s) => s.json(f0(q.body)));`,
    ],
    [
      'patterns and middleware that call themselves',
      "const jwt = require('express-jwt'); const loop = (q, s, n) => loop(q, s, n); app.use('/x', loop); app.use((q, s, n) => app(q, s, n)); app.use(jwt({}).unless({ path: [/^(a+)+$/, /(?<=x)y/, '/ok'] })); app.get('/ok', (q, s) => s.end());",
    ],
    [
      'schemas that hold themselves and chains without an end',
      `const Joi = require('joi'); const keys = {}; keys.a = keys; const S = Joi.object(keys); let c = Joi.string(); ${'c = c.min(1);'.repeat(400)} app.post('/ok', (q, s) => { S.validate(q.body); c.validate(q.body); s.end(); });`,
    ],
    [
      'names of Object.prototype',
      "app.get('/ok', (q, s) => { const { __proto__: p, constructor: c } = q.body; ({}).__proto__.polluted = 1; Object.prototype.polluted = 1; s.json({ p, c, ['__proto__']: q.query.__proto__ }); });",
    ],
  ])('%s come to an end', async (_what, text) => {
    const { document } = await documentOf({ 'app.js': `const app = require('express')();\n${text}\n` });
    expect(Object.keys(objectAt(document, 'paths'))).toContain('/ok');
    expect('polluted' in {}).toBe(false);
  });

  test('types that refer to themselves and grow come to an end', async () => {
    const { document } = await documentOf({
      'app.ts': `import express, { Request, Response } from 'express';
interface A extends B { list: A[] } interface B extends A { c: C<C<A>> }
type C<T> = { next: C<C<T>>; value: T }; type D = D; type E = E | F; type F = E[];
const app = express();
app.post('/ok', (req: Request<D, A, C<string>, E>, res: Response<F>) => { const e: E = req.body as C<F>; res.json(e); });
`,
    });
    expect(Object.keys(objectAt(document, 'paths'))).toEqual(['/ok']);
  });
});
