import { HEADER } from '../emit/header.ts';
import { Imports } from '../emit/imports.ts';
import { reindent } from '../emit/layout.ts';
import type { Route } from '../model/routes.ts';
import { printUrl } from './find-my-way.ts';
import type { Framework, ServiceFiles, TagFiles } from './framework.ts';
import { type Adapter, printHandlersInterface, printOperation } from './handlers-interface.ts';
import { printService, tagCalls } from './service-index.ts';

const ADAPTER: Adapter = { module: './runtime/fastify.js', handler: 'FastifyHandler' };

const tagPlugin = (name: string): string => `${name}Routes`;

/** Fastify 5: a plugin for each tag. Its router finds the most concrete path itself, in whatever order. */
export const fastify: Framework = { name: 'fastify', adapter: 'fastify.ts', printRoutes, printIndex };

function printRoutes(tag: TagFiles, service: ServiceFiles): string {
  const imports = new Imports();
  imports.type('FastifyPluginAsync', 'fastify');
  imports.whole('* as contract', './validators.js');
  imports.type('Options', './runtime/contract.js');
  const handlers = printHandlersInterface(tag, service, ADAPTER, imports);
  const routes = tag.routes.map((route) => printRoute(route, imports));
  const body = reindent(`${handlers}

/** Serves the operations of ${tag.typeName}. */
export function ${tagPlugin(tag.name)}(handlers: ${tag.typeName}Handlers, options: Options = {}): FastifyPluginAsync {
return async (app) => {
${routes.join('\n')}
};
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}

const printRoute = (route: Route, imports: Imports): string =>
  `app.${route.operation.method}(${printUrl(route.segments)}, ${printOperation(route, ADAPTER, imports)});`;

function printIndex(service: ServiceFiles): string {
  const imports = new Imports();
  imports.value('fastify', 'fastify');
  imports.type('FastifyInstance', 'fastify');
  imports.type('FastifyPluginAsync', 'fastify');
  for (const name of ['errorHandler', 'leaveBodies', 'matchAsWritten', 'otherwise', 'routerOptions']) {
    imports.value(name, ADAPTER.module);
  }
  const body = reindent(`${printService(service, tagPlugin, imports)}

/** Serves the contract's paths, as a plugin for an application of yours. */
export function createPlugin(handlers: Handlers = allHandlers, options: Options = {}): FastifyPluginAsync {
return async (app) => {
leaveBodies(app);
matchAsWritten(app, paths);
app.setErrorHandler(errorHandler(options));
${tagCalls(service, tagPlugin)
  .map((call) => `await app.register(${call});`)
  .join('\n')}
};
}

/** A whole application: the contract's paths, and 404 or 405 for the rest. */
export function createApp(handlers: Handlers = allHandlers, options: Options = {}): FastifyInstance {
const app = fastify({ routerOptions, frameworkErrors: errorHandler(options) });
leaveBodies(app);
app.setErrorHandler(errorHandler(options));
app.setNotFoundHandler(otherwise(paths));
app.register(createPlugin(handlers, options));
return app;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}
