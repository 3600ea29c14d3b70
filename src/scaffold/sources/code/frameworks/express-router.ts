import { isTrue } from '../interpret/operators.ts';
import { formalParameters } from '../nodes.ts';
import {
  ANY_MEMBER,
  type CallSite,
  constant,
  type Host,
  type HostValue,
  native,
  textOf,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { reportForeign } from './foreign.ts';
import { handedTo } from './handed-on.ts';
import {
  flatHandlers,
  METHODS,
  mayBePath,
  NO_PATH,
  newRouter,
  OTHER_METHODS,
  type RouterNode,
} from './router.ts';

/** The routers that hosts stand for. */
const ROUTERS = new WeakMap<Host, RouterNode>();

export const routerOf = (value: Value): RouterNode | undefined =>
  value.kind === 'host' ? ROUTERS.get(value.host) : undefined;

/** What is asked of a promise of a router, not of the router. */
const OF_PROMISES: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/** A host that stands for a router, or for a promise of it. */
export function hostOf(router: RouterNode, { name, member }: Host): HostValue {
  const host: Host = {
    name,
    member: (asked, site) => {
      site.scope.frame.interpreter.touched += 1;
      return OF_PROMISES.has(asked) ? undefined : member?.(asked, site);
    },
  };
  ROUTERS.set(host, router);
  return { kind: 'host', host };
}

/** `express()` and `express.Router()`. */
export function expressRouter(
  kind: RouterNode['kind'],
  [options]: readonly Value[],
  site: CallSite,
): HostValue {
  const router = newRouter('express', kind, site);
  const strict = options?.kind === 'object' ? options.properties.get('strict') : undefined;
  router.strict = strict !== undefined && isTrue(strict) === true;
  return hostOfExpress(router);
}

export function hostOfExpress(router: RouterNode): HostValue {
  const self: HostValue = hostOf(router, { name: `express.${router.kind}`, member });
  return self;

  function member(name: string): Value | undefined {
    if (METHODS.includes(name) || OTHER_METHODS.has(name) || name === 'all' || name === 'del') {
      return native(name, (args, site) => {
        // `app.get('view engine')` reads a setting.
        if (name === 'get' && args.length < 2) return UNKNOWN;
        const [path = UNKNOWN, ...handlers] = args;
        addRoute(router, name, path, handlers, site);
        return self;
      });
    }
    if (name === 'use') {
      return native(name, (args, site) => {
        use(router, args, site);
        return self;
      });
    }
    if (name === 'route') return native(name, ([path = UNKNOWN], site) => chain(router, path, site));
    if (name === 'param') {
      return native(name, ([parameter, handler]) => {
        const text = textOf(parameter);
        if (text !== undefined && handler !== undefined)
          router.layers.push({ kind: 'param', name: text, handler });
        return self;
      });
    }
    if (name === ANY_MEMBER) return native(name, (_args, site) => unknownMethod(site));
    if (name === 'locals' || name === 'mountpath') return UNKNOWN;
    return native(name, ([setting, value = constant(true)]) => {
      if (textOf(setting) === 'strict routing') router.strict = name !== 'disable' && isTrue(value) === true;
      return SETTERS.has(name) ? self : UNKNOWN;
    });
  }
}

const SETTERS: ReadonlySet<string> = new Set(['set', 'enable', 'disable', 'engine']);

export function unknownMethod(site: CallSite): Value {
  const { interpreter } = site.scope.frame;
  interpreter.report(
    'SCF074',
    'warning',
    'a route is registered for a method that cannot be told',
    site.origin,
  );
  return UNKNOWN;
}

export function addRoute(
  router: RouterNode,
  name: string,
  path: Value,
  handlers: readonly Value[],
  site: CallSite,
): void {
  const method = name === 'del' ? 'delete' : name;
  router.layers.push({ kind: 'route', methods: [method], path, handlers: flatHandlers(handlers), site });
}

/** `router.route('/x').get(...).post(...)` */
function chain(router: RouterNode, path: Value, origin: CallSite): Value {
  const before: Value[] = [];
  const self: HostValue = {
    kind: 'host',
    host: {
      name: 'express.route',
      member: (name) =>
        native(name, (handlers, site) => {
          // Middleware of all methods, or the handler of all.
          if (
            name === 'all' &&
            handlers.some(
              (handler) => handler.kind !== 'function' || formalParameters(handler.node).length > 2,
            )
          ) {
            before.push(...handlers);
          } else if (name === ANY_MEMBER) unknownMethod(site);
          else
            addRoute(router, name, path, [...before, ...handlers], { ...site, origin: lastOf(site, origin) });
          return self;
        }),
    },
  };
  return self;
}

/** Of a chain over several lines, the link that is meant, not where all of it begins. */
function lastOf({ origin }: CallSite, start: CallSite): CallSite['origin'] {
  const { file, node } = origin;
  const from = Math.max(start.origin.node.end, node.start);
  const text = file.text.slice(from, node.end);
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (')]}'.includes(text[at] ?? '')) depth += 1;
    else if ('([{'.includes(text[at] ?? '')) depth -= 1;
    else if (text[at] === '.' && depth === 0) return { file, node: { start: from + at, end: node.end } };
  }
  return origin;
}

/** `use([path], ...middleware or routers)` */
export function use(router: RouterNode, args: readonly Value[], site: CallSite): void {
  const [first, ...others] = args;
  const hasPath = mayBePath(first) && others.length > 0;
  const path = hasPath && first !== undefined ? first : NO_PATH;
  const values = flatHandlers(hasPath ? others : args);
  for (const value of values) useOne(router, path, value, value === values.at(-1), site);
}

function useOne(router: RouterNode, path: Value, value: Value, isLast: boolean, site: CallSite): void {
  if (value.kind === 'choice') {
    for (const option of value.options) useOne(router, path, option, isLast, site);
    return;
  }
  const mounted = routerOf(value.kind === 'module' ? exportedDefault(value, site) : value);
  if (mounted !== undefined) {
    mounted.mounted = true;
    router.layers.push({ kind: 'mount', path, router: mounted, site });
    return;
  }
  useMiddleware(router, path, value, isLast, site);
}

/** Puts what is no router in front of what follows; what cannot be told is named. `isLast`: nothing stands behind it. */
export function useMiddleware(
  router: RouterNode,
  path: Value,
  value: Value,
  isLast: boolean,
  site: CallSite,
): void {
  reportForeign(value, path, isLast, site);
  router.layers.push({ kind: 'use', path, handlers: [value], site });
  const targets = router.framework === 'express' ? handedTo(value).map(routerOf) : [];
  for (const inner of new Set(targets)) {
    if (inner === undefined || inner === router) continue;
    inner.mounted = true;
    router.layers.push({ kind: 'mount', path, router: inner, site });
  }
}

/** `app.use('/x', require('./x'))` of a file with a default export. */
export const exportedDefault = (value: Extract<Value, { kind: 'module' }>, { scope }: CallSite): Value =>
  scope.frame.interpreter.project.exportOf(value.module, 'default');
