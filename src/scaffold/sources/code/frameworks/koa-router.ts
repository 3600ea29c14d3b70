import { setMember } from '../interpret/assign.ts';
import { callValue } from '../interpret/calls.ts';
import { memberOf } from '../interpret/members.ts';
import {
  ANY_MEMBER,
  type CallSite,
  constant,
  type Host,
  type HostValue,
  native,
  type ObjectValue,
  textOf,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { addRoute, hostOf, routerOf, unknownMethod, useMiddleware } from './express-router.ts';
import {
  flatHandlers,
  isPath,
  METHODS,
  NO_PATH,
  newRouter,
  OTHER_METHODS,
  type RouterNode,
} from './router.ts';

/** What `router.routes()` gives, and `mount('/x', app)`: a router, perhaps below a path. */
interface Mountable {
  readonly router: RouterNode;
  readonly path: Value;
}

const MOUNTABLE = new WeakMap<Host, Mountable>();

/** `new Koa()` */
export function koaApp(site: CallSite): HostValue {
  return hostOfKoa(newRouter('koa', 'app', site));
}

/** `new Router({ prefix })` */
export function koaRouter([options]: readonly Value[], site: CallSite): HostValue {
  const router = newRouter('koa', 'router', site);
  if (options?.kind === 'object') router.prefix = options.properties.get('prefix') ?? NO_PATH;
  return hostOfKoa(router);
}

export function hostOfKoa(router: RouterNode): HostValue {
  const self: HostValue = hostOf(router, { name: `koa.${router.kind}`, member });
  return self;

  function member(name: string): Value | undefined {
    if (name === 'use') {
      return native(name, (args, site) => {
        use(router, args, site);
        return self;
      });
    }
    if (name === ANY_MEMBER) return native(name, (_args, site) => unknownMethod(site));
    if (router.kind === 'app') return native(name, () => (name === 'on' ? self : UNKNOWN));
    if (METHODS.includes(name) || OTHER_METHODS.has(name) || name === 'all' || name === 'del') {
      return native(name, (args, site) => {
        // A route may have a name in front of its path.
        const [, second] = args;
        const [path = UNKNOWN, ...handlers] = isPath(second) ? args.slice(1) : args;
        addRoute(router, name, path, handlers, site);
        return self;
      });
    }
    const own = ROUTER_MEMBERS[name];
    return own === undefined
      ? native(name, () => self)
      : native(name, (args, site) => own(router, args, site) ?? self);
  }
}

type RouterMember = (router: RouterNode, args: readonly Value[], site: CallSite) => Value | undefined;

const routes: RouterMember = (router) => mountable({ router, path: NO_PATH });

const ROUTER_MEMBERS: Readonly<Record<string, RouterMember>> = {
  routes,
  middleware: routes,
  allowedMethods: () => native('allowedMethods', () => UNKNOWN),
  param: (router, [parameter, handler]) => {
    const name = textOf(parameter);
    // Koa's get the value in front of the context.
    const bound = handler?.kind === 'function' ? { ...handler, bound: [UNKNOWN] } : UNKNOWN;
    if (name !== undefined && handler !== undefined)
      router.layers.push({ kind: 'param', name, handler: bound });
    return undefined;
  },
  prefix: (router, [prefix]) => {
    if (prefix !== undefined) router.prefix = prefix;
    return undefined;
  },
  register: (router, [path = UNKNOWN, methods, ...handlers], site) => {
    const names = methods?.kind === 'list' ? methods.items : [];
    for (const name of names) {
      if (name.kind === 'constant') addRoute(router, String(name.value).toLowerCase(), path, handlers, site);
    }
    return undefined;
  },
  // koa-joi-router's, of an object; others give a route by its name.
  route: (router, [given], site) => {
    for (const route of given?.kind === 'list' ? given.items : [given])
      if (route?.kind === 'object') addObject(router, route, site);
    return given?.kind === 'object' || given?.kind === 'list' ? undefined : UNKNOWN;
  },
  url: () => UNKNOWN,
  redirect: (router, [source = UNKNOWN, destination = UNKNOWN, code], site) => {
    // A text that is no path is the name of a route.
    const isName = textOf(source)?.startsWith('/') === false;
    addRoute(router, 'all', isName ? UNKNOWN : source, [redirecting(destination, code)], site);
    return undefined;
  },
};

/** What `router.redirect(source, destination, code)` registers. */
const redirecting = (destination: Value, code: Value | undefined): Value =>
  native('redirect', ([context = UNKNOWN], site) => {
    callValue(memberOf(context, 'redirect', site), { args: [destination], site });
    setMember(context, 'status', code ?? constant(301), site);
    return UNKNOWN;
  });

function addObject(router: RouterNode, route: ObjectValue, site: CallSite): void {
  const [method, path, handler] = ['method', 'path', 'handler'].map((name) => route.properties.get(name));
  if (path === undefined || handler === undefined) return;
  const names = (method?.kind === 'list' ? method.items : [method ?? UNKNOWN]).map(textOf);
  for (const name of names) {
    if (name === undefined) unknownMethod(site);
    else addRoute(router, name.toLowerCase(), path, [route, handler], site);
  }
}

function mountable(what: Mountable): HostValue {
  const host: Host = { name: 'koa.routes' };
  MOUNTABLE.set(host, what);
  return { kind: 'host', host };
}

/** `mount('/x', app)` of koa-mount. */
export function koaMount([first, second]: readonly Value[]): Value | undefined {
  const [path, value] = second === undefined ? [NO_PATH, first] : [first ?? UNKNOWN, second];
  const router = value === undefined ? undefined : routerOf(value);
  if (router !== undefined) return mountable({ router, path });
  return value !== undefined && value.kind === 'host' && MOUNTABLE.has(value.host) ? value : undefined;
}

function use(router: RouterNode, args: readonly Value[], site: CallSite): void {
  const [first, ...others] = args;
  const hasPath = isPath(first) && others.length > 0;
  const path = hasPath && first !== undefined ? first : NO_PATH;
  const values = flatHandlers(hasPath ? others : args);
  for (const value of values) useOne(router, path, value, value === values.at(-1), site);
}

function useOne(router: RouterNode, path: Value, value: Value, isLast: boolean, site: CallSite): void {
  if (value.kind === 'choice') {
    for (const option of value.options) useOne(router, path, option, isLast, site);
    return;
  }
  const own = routerOf(value);
  const given = value.kind === 'host' ? MOUNTABLE.get(value.host) : undefined;
  const found = own === undefined ? given : { router: own, path: NO_PATH };
  if (found !== undefined) {
    found.router.mounted = true;
    router.layers.push({
      kind: 'mount',
      path: found.path === NO_PATH ? path : found.path,
      router: found.router,
      site,
    });
    return;
  }
  // `mount('/x', middleware)` of koa-mount.
  if (value.kind === 'call' && value.callee.kind === 'external' && value.callee.package === 'koa-mount') {
    const [below = NO_PATH, inner] = value.args;
    if (inner !== undefined) useMiddleware(router, below, inner, true, site);
    return;
  }
  useMiddleware(router, path, value, isLast, site);
}

/** `app.use(combine(a.routes(), b.routes()))`: what a package puts together is a list of its parts. */
export const composed = (args: readonly Value[]): Value => ({
  kind: 'list',
  items: flatHandlers(args),
  open: false,
});
