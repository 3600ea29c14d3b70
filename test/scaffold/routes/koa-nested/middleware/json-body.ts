import type { Context, Next } from 'koa';

declare module 'koa' {
  interface Request {
    body?: unknown;
  }
}

export async function jsonBody(ctx: Context, next: Next): Promise<void> {
  let text = '';
  for await (const chunk of ctx.req) text += String(chunk);
  ctx.request.body = text === '' ? {} : JSON.parse(text);
  await next();
}
