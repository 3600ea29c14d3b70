import type { Middleware } from 'koa';
import { type Endpoint, Group } from './endpoint.ts';

class Groups {
  readonly #groups: Group[] = [];

  group(...guards: Middleware[]): Group {
    const group = new Group(guards);
    this.#groups.push(group);
    return group;
  }

  endpoints(): Endpoint[] {
    return this.#groups.flatMap((group) => group.list());
  }
}

export const groups = new Groups();

const byKey: Middleware = async (ctx, next) => {
  if (ctx.get('x-api-key') !== 'key') ctx.throw(403, 'No key, or a wrong one');
  return next();
};

export const builders = groups.group(byKey);
export const everybody = groups.group();
