import type { Context, Middleware, Next } from 'koa';
import * as yup from 'yup';
import { builders, everybody } from './groups.ts';

const Rule = yup.object({
  name: yup.string().required().max(30),
  kind: yup.string().oneOf(['allow', 'deny']).required(),
  weight: yup.number().integer().min(0).nullable(),
  target: yup.object({ path: yup.string().required(), methods: yup.array().of(yup.string()) }),
});

const body =
  (schema: yup.Schema): Middleware =>
  async (ctx: Context, next: Next) => {
    try {
      await schema.validate(ctx.request.body);
    } catch (error) {
      ctx.throw(422, (error as Error).message);
    }
    return next();
  };

builders
  .get('/rules/:id', async (ctx) => {
    ctx.body = { id: String(ctx['params'].id) };
  })
  .post('/rules', body(Rule), async (ctx) => {
    ctx.status = 201;
    ctx.body = { id: 'r1' };
  })
  .delete('/rules/:id/:revision', async (ctx) => {
    ctx.body = { ok: true };
  });

everybody.get('/ping', async (ctx) => {
  ctx.body = 'pong';
});
