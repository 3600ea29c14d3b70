import Router from '@koa/router';
import Koa from 'koa';
import { groups } from './groups.ts';
import { jsonBody } from './json-body.ts';
import './rules.ts';

export const app = new Koa();

app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const { status = 500, message } = error as { status?: number; message: string };
    ctx.status = status;
    ctx.body = { ok: false, message };
  }
});
app.use(jsonBody);

const router = new Router();
for (const endpoint of groups.endpoints()) endpoint.apply(router);
app.use(router.routes()).use(router.allowedMethods());
