import { createRequire } from 'node:module';
import type Koa from 'koa';

/** A route as a running server has it: `GET /users/:id`. */
export type Listed = string;

interface ExpressLayer {
  readonly route?: {
    readonly path: string | readonly string[];
    readonly methods: Readonly<Record<string, boolean>>;
  };
  readonly handle?: { readonly stack?: readonly ExpressLayer[] };
}

/** The paths that routers were mounted at; Express keeps them in closures. */
const MOUNTED = new WeakMap<object, string>();

/** Remembers where routers are mounted, from now on. */
export function watchExpress(): void {
  const express = createRequire(import.meta.url)('express');
  // A router's own prototype is an instance of the class.
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(express.Router()));
  const { use } = prototype;
  if (use.watched === true) return;
  const watched = function watchedUse(this: unknown, ...args: unknown[]): unknown {
    const [path] = args;
    for (const handler of args.flat(5)) {
      if (typeof handler === 'function') MOUNTED.set(handler, typeof path === 'string' ? path : '');
    }
    return use.apply(this, args);
  };
  prototype.use = Object.assign(watched, { watched: true });
}

/** Every route of an Express application. */
export function expressRoutes(app: {
  readonly router: { readonly stack: readonly ExpressLayer[] };
}): Listed[] {
  return stackRoutes(app.router.stack, '');
}

function stackRoutes(stack: readonly ExpressLayer[], prefix: string): Listed[] {
  return stack.flatMap(({ route, handle }) => {
    if (route !== undefined) {
      const methods = Object.keys(route.methods).filter((method) => route.methods[method] === true);
      const paths = typeof route.path === 'string' ? [route.path] : route.path;
      return paths.flatMap((path) => methods.map((method) => listed(method, `${prefix}${path}`)));
    }
    if (handle?.stack === undefined) return [];
    const at = (MOUNTED.get(handle) ?? '').replace(/\/$/, '');
    return stackRoutes(handle.stack, `${prefix}${at}`);
  });
}

/** Every route of a Koa application whose routers are of @koa/router. */
export function koaRoutes(app: Koa): Listed[] {
  return app.middleware.flatMap((middleware) => {
    const { router } = middleware as { router?: { stack: { path: string; methods: string[] }[] } };
    const layers = router?.stack ?? [];
    return layers.flatMap(({ path, methods }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => listed(method, path)),
    );
  });
}

/** Every route of a Fastify application, from the tree that it prints. */
export function fastifyRoutes(app: { printRoutes(options: { commonPrefix: false }): string }): Listed[] {
  const parents: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const found = /^([│ ]*)(?:├──|└──) (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
      if (found === null) return [];
      const [, indent = '', part = '', methods = ''] = found;
      const level = indent.length / 4;
      parents.splice(level, parents.length, `${parents[level - 1] ?? ''}${part}`);
      const path = parents[level] ?? '';
      return methods
        .split(', ')
        .filter((method) => method !== '' && method !== 'HEAD')
        .map((method) => listed(method, path));
    });
}

/** Methods in capitals, and paths without a slash at the end: the frameworks serve both. */
function listed(method: string, path: string): Listed {
  const plain = path.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return `${method.toUpperCase()} ${plain === '' ? '/' : plain}`;
}
