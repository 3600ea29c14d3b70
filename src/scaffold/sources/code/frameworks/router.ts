import type { FrameworkName } from '../../../index.ts';
import type { Origin } from '../source-file.ts';
import { type CallSite, constant, optionsOf, type Value } from '../value.ts';

/** An application, a router or a plugin's instance, with what was registered on it, in order. */
export interface RouterNode {
  readonly framework: FrameworkName;
  readonly kind: 'app' | 'router';
  readonly origin: Origin;
  /** What stands in front of all of its paths. */
  prefix: Value;
  readonly layers: Layer[];
  /** Whether another one leads to it. */
  mounted: boolean;
  /** Whether a path that ends in a slash is another one than that without. */
  strict: boolean;
  /** Whether requests find it where a folder's own sources do not say. */
  readonly assumed?: boolean;
}

export type Layer = RouteLayer | UseLayer | MountLayer | ParamLayer;

/** Middleware for the routes of a router whose path has a parameter. */
export interface ParamLayer {
  readonly kind: 'param';
  readonly name: string;
  readonly handler: Value;
}

export interface RouteLayer {
  readonly kind: 'route';
  /** Lower case; `all` for every method. */
  readonly methods: readonly string[];
  readonly path: Value;
  /** Middleware first, the handler last. */
  readonly handlers: readonly Value[];
  /** What else the framework was told, such as Fastify's schema. */
  readonly options?: Value;
  readonly site: CallSite;
  /** Whether it is middleware that answers. */
  readonly isFallback?: true;
}

export interface UseLayer {
  readonly kind: 'use';
  readonly path: Value;
  readonly handlers: readonly Value[];
  readonly site: CallSite;
}

export interface MountLayer {
  readonly kind: 'mount';
  readonly path: Value;
  readonly router: RouterNode;
  readonly site: CallSite;
}

export const NO_PATH = constant('');

export const METHODS: readonly string[] = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
];

/** Methods that frameworks serve and OpenAPI has no words for. */
export const OTHER_METHODS: ReadonlySet<string> = new Set([
  'search',
  'copy',
  'move',
  'lock',
  'unlock',
  'mkcol',
  'propfind',
  'proppatch',
  'report',
  'purge',
  'query',
  'link',
  'unlink',
  'acl',
  'bind',
  'unbind',
  'rebind',
  'merge',
  'checkout',
  'mkactivity',
  'mkcalendar',
  'm-search',
  'notify',
  'subscribe',
  'unsubscribe',
  'connect',
]);

/** Makes a router, and remembers that it was made. */
export function newRouter(
  framework: FrameworkName,
  kind: RouterNode['kind'],
  { origin, scope }: CallSite,
): RouterNode {
  const router: RouterNode = {
    framework,
    kind,
    origin,
    prefix: NO_PATH,
    layers: [],
    mounted: false,
    strict: framework !== 'express',
  };
  remember(scope.frame.interpreter, router);
  scope.frame.interpreter.touched += 1;
  return router;
}

const MADE = new WeakMap<object, RouterNode[]>();

export function remember(interpreter: object, router: RouterNode): void {
  const made = MADE.get(interpreter);
  if (made === undefined) MADE.set(interpreter, [router]);
  else made.push(router);
}

/** Every router that was made, in order. */
export const madeRouters = (interpreter: object): readonly RouterNode[] => MADE.get(interpreter) ?? [];

/** Handlers may come in lists of lists; a list may hold itself. */
export const flatHandlers = (handlers: readonly Value[], depth = 0): Value[] =>
  handlers
    .slice(0, 200)
    .flatMap((handler) =>
      handler.kind === 'list' ? (depth > 4 ? [] : flatHandlers(handler.items, depth + 1)) : [handler],
    );

/** Whether a value says a path: a text, a regular expression, or several of them. */
export function isPath(value: Value | undefined, depth = 0): boolean {
  if (value === undefined || depth > 4) return false;
  if (value.kind === 'list')
    return value.items.length > 0 && value.items.every((item) => isPath(item, depth + 1));
  if (value.kind === 'choice') return optionsOf(value).every((option) => isPath(option, depth + 1));
  return value.kind === 'pattern' || (value.kind === 'constant' && typeof value.value === 'string');
}

/** Whether a value may be a path that is not known. */
export const mayBePath = (value: Value | undefined): boolean =>
  value !== undefined &&
  (isPath(value) ||
    (value.kind === 'choice' && value.options.every(mayBePath)) ||
    (value.kind === 'unknown' && value.type?.node.type === 'TSStringKeyword') ||
    (value.kind === 'external' && value.package === '' && value.path[0] === 'process'));
