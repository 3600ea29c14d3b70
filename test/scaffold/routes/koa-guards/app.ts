import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';

export const app = new Koa();

const signedIn: Middleware = async (ctx, next) => {
  if (!ctx.get('authorization').startsWith('Bearer ')) {
    ctx.status = 401;
    ctx.body = { error: 'sign in first' };
    return;
  }
  await next();
};

const withKey: Middleware = (ctx, next) => {
  if (ctx.headers['x-api-key'] === 'key') return next();
  ctx.status = 403;
  ctx.body = { error: 'no key' };
};

const perhapsSignedIn: Middleware = async (ctx, next) => {
  ctx.set('x-signed-in', ctx.headers.authorization === undefined ? 'no' : 'yes');
  await next();
};

const router = new Router();
router.get('/notes', signedIn, (ctx) => {
  ctx.body = [{ id: 'n1' }];
});
router.get('/keys', withKey, (ctx) => {
  ctx.body = [{ id: 'k1' }];
});
router.get('/mine', (ctx) => {
  if (ctx.headers.authorization === undefined) {
    ctx.status = 401;
    return;
  }
  ctx.body = { ok: true };
});
router.get('/open', perhapsSignedIn, (ctx) => {
  ctx.body = { ok: true };
});

// One middleware looks who is signed in, the next one wants to know.
router.get(
  '/account',
  async (ctx, next) => {
    if (ctx.headers.authorization === 'Bearer x') ctx.state['user'] = { name: 'ann' };
    await next();
  },
  async (ctx, next) => {
    if (!ctx.state['user']) ctx.throw(401, 'sign in first');
    await next();
  },
  (ctx) => {
    ctx.body = { ok: true };
  },
);
app.use(router.routes()).use(router.allowedMethods());
