import type { Imports } from '../emit/imports.ts';
import { docComment } from '../emit/quote.ts';
import { operationsOf, type Route } from '../model/routes.ts';
import { isSecured, printIdentity } from '../security/requirements.ts';
import type { ServiceFiles, TagFiles } from './framework.ts';

/** What the text of a tag's routes needs of its framework. */
export interface Adapter {
  /** The module that the runtime file becomes: `./runtime/express.js`. */
  readonly module: string;
  /** The adapter's type of a handler: `ExpressHandler`. */
  readonly handler: string;
  /** The adapter's type of the options: `ExpressOptions`. */
  readonly options: { readonly name: string; readonly module: string };
  /** Whether routes are given what runs before an operation; else the framework has a way of its own. */
  readonly hasMiddleware: boolean;
}

/** Options that are the same for every framework. */
export const PLAIN_OPTIONS = { name: 'Options', module: './runtime/contract.js' } as const;

/** `export interface PetsHandlers { ... }`: the same for every framework, but for the type of a handler. */
export function printHandlersInterface(
  tag: TagFiles,
  service: ServiceFiles,
  { module, handler }: Adapter,
  imports: Imports,
): string {
  imports.whole('type * as t', './types.js');
  imports.type(handler, module);
  const members = tag.routes.flatMap(operationsOf).map((operation) => {
    const names = service.types.get(operation);
    const { summary, deprecated } = operation;
    const comment = docComment(deprecated ? `${summary ?? ''}\n@deprecated` : summary);
    const who = isSecured(operation) ? `, ${printIdentity(operation)}` : '';
    if (who !== '') imports.type('By', './security.js');
    return `${comment}${operation.id}: ${handler}<t.${names?.request}, t.${names?.response}${who}>;`;
  });
  return `${docComment(`What the operations tagged ${JSON.stringify(tag.tag)} do.`)}export interface ${tag.typeName}Handlers {
${members.join('\n')}
}`;
}

/** What answers a route: one operation, or of several twins the first that the path fits. */
export function printOperation(route: Route, { module, hasMiddleware }: Adapter, imports: Imports): string {
  const [only, ...twins] = operationsOf(route).map(({ id }) => {
    return `(contract.${id}, (request, context) => handlers.${id}(request, context), options)`;
  });
  if (twins.length === 0) return `${imports.value('operation', module)}${only}`;
  const bind = imports.value('bind', './runtime/contract.js');
  const bound = [only, ...twins].map((call) => `${bind}${call},`);
  const options = hasMiddleware ? 'options,\n' : '';
  return `${imports.value('firstOf', module)}(\n${options}${bound.join('\n')}\n)`;
}
