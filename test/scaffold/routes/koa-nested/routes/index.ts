import Router from '@koa/router';
import { threads } from './threads.ts';

export const router = new Router();

const api = new Router({ prefix: '/api' });
api.use(threads.routes());

router.get('/ping', (ctx) => {
  ctx.body = 'pong';
});
router.use(api.routes(), api.allowedMethods());
