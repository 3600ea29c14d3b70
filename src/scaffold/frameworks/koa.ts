import { HEADER } from '../emit/header.ts';
import { Imports } from '../emit/imports.ts';
import { reindent } from '../emit/layout.ts';
import type { Route } from '../model/routes.ts';
import type { Framework, ServiceFiles, TagFiles } from './framework.ts';
import { type Adapter, printHandlersInterface, printOperation } from './handlers-interface.ts';
import { pathPattern } from './path-pattern.ts';
import { printPath } from './path-to-regexp.ts';
import { printSecured, printService, tagCalls } from './service-index.ts';

const ADAPTER: Adapter = {
  module: './runtime/koa.js',
  handler: 'KoaHandler',
  options: { name: 'KoaOptions', module: './runtime/koa.js' },
  hasMiddleware: true,
};

const tagRouter = (name: string): string => `${name}Router`;

/** Koa 3: a @koa/router for each tag. */
export const koa: Framework = { name: 'koa', adapter: 'koa.ts', printRoutes, printIndex };

function printRoutes(tag: TagFiles, service: ServiceFiles): string {
  const imports = new Imports();
  imports.value('Router', '@koa/router');
  imports.whole('* as contract', './validators.js');
  imports.type(ADAPTER.options.name, ADAPTER.options.module);
  const handlers = printHandlersInterface(tag, service, ADAPTER, imports);
  const routes = tag.routes.map((route) => printRoute(route, service, imports));
  const body = reindent(`${handlers}

/** Serves the operations of ${tag.typeName}. */
export function ${tagRouter(tag.name)}(handlers: ${tag.typeName}Handlers, options: KoaOptions = {}): Router {
const router = new Router({ sensitive: true, strict: true });

${routes.join('\n')}

return router;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}

function printRoute(route: Route, service: ServiceFiles, imports: Imports): string {
  const { method } = route.operation;
  const path = printPath(route.segments);
  let handler = printOperation(route, ADAPTER, imports);
  if (path.isPattern) handler = `${imports.value('named', ADAPTER.module)}(${path.text}, ${handler})`;
  const later = service.hidden.get(route) ?? [];
  if (later.length > 0) {
    const patterns = later.map((other) => pathPattern(other.segments)).join(', ');
    handler = `${imports.value('except', ADAPTER.module)}([${patterns}], ${handler})`;
  }
  const isTyped = TYPED_METHODS.has(method);
  if (isTyped) return `router.${method}(${path.text}, ${handler});`;
  return `router.register(${path.text}, ['${method}'], ${handler});`;
}

/** The methods that @koa/router's types have a function for. */
const TYPED_METHODS: ReadonlySet<string> = new Set([
  'get',
  'head',
  'post',
  'put',
  'patch',
  'delete',
  'options',
]);

function printIndex(service: ServiceFiles): string {
  const imports = new Imports();
  imports.value('Router', '@koa/router');
  imports.whole('Koa', 'koa');
  for (const name of ['answerErrors', 'otherwise']) imports.value(name, ADAPTER.module);
  const body = reindent(`${printService(service, tagRouter, ADAPTER, imports)}

/** Serves the contract's paths, and leaves all others to what is mounted after it. */
export function createRouter(handlers: Handlers = allHandlers, options: KoaOptions = {}): Router {
${printSecured(service, ADAPTER)}const router = new Router({ sensitive: true, strict: true });
router.use(answerErrors(options));
${tagCalls(service, tagRouter)
  .map((call) => `router.use(${call}.routes());`)
  .join('\n')}
return router;
}

/** A whole application: the contract's paths, and 404 or 405 for the rest. */
export function createApp(handlers: Handlers = allHandlers, options: KoaOptions = {}): Koa {
const app = new Koa();
app.use(createRouter(handlers, options).routes());
app.use(answerErrors(options));
app.use(otherwise(paths));
return app;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}
