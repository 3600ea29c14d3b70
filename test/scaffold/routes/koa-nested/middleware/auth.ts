import type { Context, Next } from 'koa';

export const requireToken = async (ctx: Context, next: Next): Promise<void> => {
  const token = ctx.get('Authorization').replace(/^Bearer /, '');
  if (token !== 'secret') ctx.throw(401, 'Authentication required');
  await next();
};
