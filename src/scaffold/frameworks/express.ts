import { HEADER } from '../emit/header.ts';
import { Imports } from '../emit/imports.ts';
import { reindent } from '../emit/layout.ts';
import { docComment, quoteString } from '../emit/quote.ts';
import { routeKey } from '../emit/route-keys.ts';
import type { Route, Segment } from '../model/routes.ts';
import type { Framework, ServiceFiles, TagFiles } from './framework.ts';
import { pathPattern } from './path-pattern.ts';

const ADAPTER = './runtime/express.js';

/** Express 5: a Router for each tag. */
export const express: Framework = { name: 'express', adapter: 'express.ts', printRoutes, printIndex };

function printRoutes(tag: TagFiles, service: ServiceFiles): string {
  const imports = new Imports();
  imports.whole('express', 'express');
  imports.type('Router', 'express');
  imports.whole('type * as t', './types.js');
  imports.whole('* as contract', './validators.js');
  imports.type('Options', './runtime/contract.js');
  imports.type('ExpressHandler', ADAPTER);
  imports.value('operation', ADAPTER);
  const handlers = tag.routes.map(({ operation }) => {
    const names = service.types.get(operation);
    const comment = docComment(
      operation.deprecated ? `${operation.summary ?? ''}\n@deprecated` : operation.summary,
    );
    return `${comment}${operation.id}: ExpressHandler<t.${names?.request}, t.${names?.response}>;`;
  });
  const routes = tag.routes.map((route) => printRoute(route, service, imports));
  const body = reindent(`/** What the operations of ${tag.typeName} do. */
export interface ${tag.typeName}Handlers {
${handlers.join('\n')}
}

/** Serves the operations of ${tag.typeName}. */
export function ${tag.name}Router(handlers: ${tag.typeName}Handlers, options: Options = {}): Router {
const router = express.Router({ caseSensitive: true, strict: true });

${routes.join('\n')}

return router;
}
`);
  return `${HEADER}${imports.print()}\n\n${body}`;
}

function printRoute(route: Route, service: ServiceFiles, imports: Imports): string {
  const { operation, segments } = route;
  const later = service.hidden.get(route) ?? [];
  const guard =
    later.length === 0
      ? ''
      : `${imports.value('except', ADAPTER)}(${later.map((other) => pathPattern(other.segments)).join(', ')}), `;
  const handler = `operation(contract.${operation.id}, (request, context) => handlers.${operation.id}(request, context), options)`;
  return `router.${METHODS[operation.method] ?? operation.method}(${printPath(segments)}, ${guard}${handler});`;
}

/** QUERY is newer than Express's methods: it is matched where the method is looked at. */
const METHODS: Readonly<Record<string, string>> = { query: 'all' };

/** A path in the syntax of path-to-regexp 8. */
function printPath(segments: readonly Segment[]): string {
  return quoteString(segments.map((segment) => `/${segment.map(printPart).join('')}`).join(''));
}

function printPart(part: Segment[number], at: number, segment: Segment): string {
  if ('text' in part) return encodeURI(part.text).replaceAll(/[{}()[\]+?!:*\\]/g, '\\$&');
  const key = routeKey(part.parameter);
  const next = segment[at + 1];
  const touchesName = next !== undefined && 'text' in next && /^\w/.test(next.text);
  return touchesName ? `:"${key}"` : `:${key}`;
}

function printIndex(service: ServiceFiles): string {
  const imports = new Imports();
  imports.whole('express', 'express');
  imports.type('Express', 'express');
  imports.type('Router', 'express');
  imports.type('Options', './runtime/contract.js');
  imports.type('PathMethods', './runtime/contract.js');
  for (const name of ['errorHandler', 'otherMethods', 'unknownPath']) imports.value(name, ADAPTER);
  for (const { name, typeName, file } of service.tags) {
    imports.value(`${name}Handlers`, `./${file}.handlers.js`);
    imports.value(`${name}Router`, `./${file}.routes.js`);
    imports.type(`${typeName}Handlers`, `./${file}.routes.js`);
  }
  const members = service.tags.map(({ name, typeName }) => `readonly ${name}: ${typeName}Handlers;`);
  const defaults = service.tags.map(({ name }) => `${name}: ${name}Handlers,`);
  const mounts = service.tags.map(({ name }) => `router.use(${name}Router(handlers.${name}, options));`);
  const body = reindent(`/** The handlers of every group of operations. */
export interface Handlers {
${members.join('\n')}
}

/** The handlers written in the *.handlers.ts files. */
export const allHandlers: Handlers = {
${defaults.join('\n')}
};

/** Every path of the contract with the methods it answers. */
const paths: readonly PathMethods[] = ${service.paths};

/** Serves the contract's paths, and leaves all others to what is mounted after it. */
export function createRouter(handlers: Handlers = allHandlers, options: Options = {}): Router {
const router = express.Router({ caseSensitive: true, strict: true });
${mounts.join('\n')}
router.use(otherMethods(paths));
router.use(errorHandler(options));
return router;
}

/** A whole application: the contract's paths, and 404 for the rest. */
export function createApp(handlers: Handlers = allHandlers, options: Options = {}): Express {
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
