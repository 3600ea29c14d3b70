import type { Context, Next } from 'koa';

/** Answers for everything that is thrown. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const { status, message } = error as { status?: number; message: string };
    ctx.status = status ?? 500;
    ctx.body = { error: message };
  }
}
