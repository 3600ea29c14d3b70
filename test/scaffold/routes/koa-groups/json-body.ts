import type { Context, Next } from 'koa';

export async function jsonBody(ctx: Context, next: Next): Promise<void> {
  let text = '';
  for await (const chunk of ctx.req) text += String(chunk);
  Object.assign(ctx.request, { body: text === '' ? {} : JSON.parse(text) });
  await next();
}
