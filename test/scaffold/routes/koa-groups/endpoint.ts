import type Router from '@koa/router';
import type { Middleware } from 'koa';

type Method = 'get' | 'post' | 'delete';

export class Endpoint {
  readonly #before: Middleware[] = [];
  readonly #method: Method;
  readonly #path: string;
  readonly #handler: Middleware;

  constructor(method: Method, path: string, handler: Middleware) {
    this.#method = method;
    this.#path = path;
    this.#handler = handler;
  }

  addMiddleware(middleware: Middleware): this {
    this.#before.push(middleware);
    return this;
  }

  apply(router: Router): void {
    router[this.#method](this.#path, ...(this.#before as never[]), this.#handler as never);
  }
}

export class Group {
  readonly #guards: Middleware[];
  readonly #endpoints: Endpoint[] = [];

  constructor(guards: Middleware[]) {
    this.#guards = guards;
  }

  get(path: string, ...middleware: Middleware[]): this {
    return this.#add('get', path, middleware);
  }

  post(path: string, ...middleware: Middleware[]): this {
    return this.#add('post', path, middleware);
  }

  delete(path: string, ...middleware: Middleware[]): this {
    return this.#add('delete', path, middleware);
  }

  list(): Endpoint[] {
    return this.#endpoints;
  }

  #add(method: Method, path: string, middleware: Middleware[]): this {
    const all = [...middleware];
    const handler = all.pop();
    if (handler === undefined) throw new Error('an endpoint needs a handler');
    const endpoint = new Endpoint(method, path, handler);
    for (const guard of [...this.#guards, ...all]) endpoint.addMiddleware(guard);
    this.#endpoints.push(endpoint);
    return this;
  }
}
