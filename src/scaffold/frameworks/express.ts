import { HEADER } from '../emit/header.ts';
import { Imports } from '../emit/imports.ts';
import { reindent } from '../emit/layout.ts';
import type { HttpMethod } from '../model/api.ts';
import type { Route } from '../model/routes.ts';
import type { Framework, ServiceFiles, TagFiles } from './framework.ts';
import { type Adapter, printHandlersInterface, printOperation } from './handlers-interface.ts';
import { pathPattern } from './path-pattern.ts';
import { printPath } from './path-to-regexp.ts';
import { printSecured, printService, tagCalls } from './service-index.ts';

const ADAPTER: Adapter = {
  module: './runtime/express.js',
  handler: 'ExpressHandler',
  options: { name: 'ExpressOptions', module: './runtime/express.js' },
  hasMiddleware: true,
};

const tagRouter = (name: string): string => `${name}Router`;

/** Express 5: a Router for each tag. */
export const express: Framework = { name: 'express', adapter: 'express.ts', printRoutes, printIndex };

function printRoutes(tag: TagFiles, service: ServiceFiles): string {
  const imports = new Imports();
  imports.whole('express', 'express');
  imports.type('Router', 'express');
  imports.whole('* as contract', './validators.js');
  imports.type(ADAPTER.options.name, ADAPTER.options.module);
  const handlers = printHandlersInterface(tag, service, ADAPTER, imports);
  const routes = tag.routes.map((route) => printRoute(route, service, imports));
  const body = reindent(`${handlers}

/** Serves the operations of ${tag.typeName}. */
export function ${tagRouter(tag.name)}(handlers: ${tag.typeName}Handlers, options: ExpressOptions = {}): Router {
const router = express.Router({ caseSensitive: true, strict: true });

${routes.join('\n')}

return router;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}

function printRoute(route: Route, service: ServiceFiles, imports: Imports): string {
  const { method } = route.operation;
  const { name, guard } = NEWER[method] ?? { name: method };
  const guards = guard === undefined ? [] : [`${imports.value('only', ADAPTER.module)}(${guard})`];
  const later = service.hidden.get(route) ?? [];
  if (later.length > 0) {
    const patterns = later.map((other) => pathPattern(other.segments)).join(', ');
    guards.push(`${imports.value('except', ADAPTER.module)}(${patterns})`);
  }
  const call = [printPath(route.segments).text, ...guards, printOperation(route, ADAPTER, imports)];
  return `router.${name}(${call.join(', ')});`;
}

/** Methods newer than Express's types: such a route is for all methods, and leaves the others alone. */
const NEWER: Readonly<Partial<Record<HttpMethod, { readonly name: string; readonly guard?: string }>>> = {
  query: { name: 'all', guard: `'QUERY'` },
};

function printIndex(service: ServiceFiles): string {
  const imports = new Imports();
  imports.whole('express', 'express');
  imports.type('Express', 'express');
  imports.type('Router', 'express');
  for (const name of ['answerOptions', 'errorHandler', 'otherMethods', 'unknownPath'])
    imports.value(name, ADAPTER.module);
  const body = reindent(`${printService(service, tagRouter, ADAPTER, imports)}

/** Serves the contract's paths, and leaves all others to what is mounted after it. */
export function createRouter(handlers: Handlers = allHandlers, options: ExpressOptions = {}): Router {
${printSecured(service, ADAPTER)}const router = express.Router({ caseSensitive: true, strict: true });
router.use(answerOptions(paths));
${tagCalls(service, tagRouter)
  .map((call) => `router.use(${call});`)
  .join('\n')}
router.use(otherMethods(paths));
router.use(errorHandler(options));
return router;
}

/** A whole application: the contract's paths, and 404 for the rest. */
export function createApp(handlers: Handlers = allHandlers, options: ExpressOptions = {}): Express {
const app = express();
app.disable('x-powered-by');
app.use(createRouter(handlers, options));
app.use(unknownPath);
app.use(errorHandler(options));
return app;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}
