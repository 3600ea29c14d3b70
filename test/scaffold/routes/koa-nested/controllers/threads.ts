import type { Context } from 'koa';

interface Thread {
  id: number;
  title: string;
  locked: boolean;
}

const threads: Thread[] = [{ id: 1, title: 'Welcome', locked: false }];

/** Lists threads. */
export function list(ctx: Context): void {
  const page = Number(ctx.query['page'] ?? 1);
  ctx.body = { page, threads };
}

export async function read(ctx: Context & { params: Record<string, string> }): Promise<void> {
  const thread: Thread | undefined = threads.find(({ id }) => id === Number(ctx.params['threadId']));
  if (thread === undefined) {
    ctx.status = 404;
    ctx.body = { error: 'no such thread' };
    return;
  }
  ctx.body = thread;
}

export async function create(ctx: Context): Promise<void> {
  const { title } = ctx.request.body as { title?: string };
  if (!title) ctx.throw(422, 'a title is needed');
  ctx.status = 201;
  ctx.body = { id: 2, title, locked: false };
}

export function remove(ctx: Context): void {
  ctx.status = 204;
}
