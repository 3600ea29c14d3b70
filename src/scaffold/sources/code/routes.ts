import type { Diagnostic } from '../../../core/diagnostic.ts';
import { type Instance, instanceOf } from './frameworks/fastify-instance.ts';
import { handsOn } from './frameworks/handed-on.ts';
import { type PathTemplate, pathOfPattern, pathTemplates } from './frameworks/path-templates.ts';
import { NO_PATH, type RouteLayer, type RouterNode, type UseLayer } from './frameworks/router.ts';
import { isCelebrateErrors } from './handlers/package-errors.ts';
import { rootOf } from './interpret/calls.ts';
import { formalParameters } from './nodes.ts';
import { isExcepted, unlessOptions, withoutUnless } from './operations/unless.ts';
import { locationOf, type Origin } from './source-file.ts';
import { type Branch, type CallSite, optionsOf, textOf, type Value } from './value.ts';

/** A route as requests reach it: its whole path, and everything that is asked before its handler. */
export interface FoundRoute {
  readonly router: RouterNode;
  readonly methods: readonly string[];
  readonly path: PathTemplate;
  /** Middleware and hooks of routers, in order. */
  readonly before: readonly Value[];
  readonly handlers: readonly Value[];
  /** Functions that answer for errors, the nearest first. */
  readonly errorHandlers: readonly Value[];
  /** Those of `before` and `errorHandlers` that may not be there, as only the run decides. */
  readonly perhaps: ReadonlySet<Value>;
  /** The branches in which it is registered, and mounted, as only the run decides. */
  readonly branches: readonly Branch[];
  readonly options?: Value;
  readonly site: CallSite;
  readonly instance?: Instance;
  /** Middleware that answers: when it does nothing but refuse, it is no endpoint. */
  readonly isFallback?: true;
  /** One method of a route for all of them: where it only refuses, or hands on, it is no endpoint. */
  readonly isPart?: true;
}

interface Around {
  /** Paths in front, as the framework writes them. */
  readonly prefixes: readonly string[];
  readonly before: readonly Guard[];
  readonly errorHandlers: readonly Conditional[];
  /** The branches in which the routers on the way are mounted. */
  readonly branches: readonly Branch[];
  readonly seen: readonly RouterNode[];
  readonly walks: { count: number };
}

/** What is there in some branches alone. */
interface Conditional {
  readonly handler: Value;
  readonly branches: readonly Branch[];
}

/** What is asked of the requests below a path. */
interface Guard extends Conditional {
  readonly prefix: string;
  /** The parameter that a path must have for it, in the same router. */
  readonly parameter?: string;
  /** Whether it is asked for the path itself alone, not for what is below. */
  readonly isExact?: true;
}

/** More routes than any service has: circles of routers are cut before. */
const MAX_ROUTES = 20_000;
/** Paths that one router may be mounted at, and routers on all the ways through a service. */
const MAX_PATHS = 200;
const MAX_WALKS = 20_000;

/** Every route that a router leads to, in the order in which they are registered. */
export function routesOf(root: RouterNode, diagnostics: Diagnostic[]): FoundRoute[] {
  const routes: FoundRoute[] = [];
  walk(
    root,
    { prefixes: [''], before: [], errorHandlers: [], branches: [], seen: [], walks: { count: 0 } },
    routes,
    diagnostics,
  );
  return routes;
}

function walk(router: RouterNode, around: Around, routes: FoundRoute[], diagnostics: Diagnostic[]): void {
  around.walks.count += 1;
  if (around.seen.includes(router) || around.seen.length > 50 || around.walks.count > MAX_WALKS) return;
  const prefixes = joined(around.prefixes, router.prefix, router, diagnostics, siteOfFirst(router));
  const instance = instanceOf(router);
  const handlers = errorHandlersOf(router, instance);
  const before: Guard[] = [...around.before];
  const branchesOf = ({ branches = [] }: CallSite): Branch[] => [...around.branches, ...branches];
  for (const [, hook, site] of instance?.hooks.filter(([name]) => REQUEST_HOOKS.has(name)) ?? []) {
    before.push({ prefix: '', handler: hook, branches: branchesOf(site) });
  }
  const inside = {
    prefixes,
    errorHandlers: [
      ...handlers.map(({ handler, branches }) => ({
        handler,
        branches: [...around.branches, ...branches],
      })),
      ...around.errorHandlers,
    ],
    branches: around.branches,
    seen: [...around.seen, router],
    walks: around.walks,
  };
  const params: Guard[] = [];
  for (const layer of router.layers) {
    if (routes.length > MAX_ROUTES) return;
    if (layer.kind === 'param') {
      params.push({ prefix: '', parameter: layer.name, handler: layer.handler, branches: [] });
      continue;
    }
    const paths = joined(prefixes, layer.path, router, diagnostics, layer.site);
    const branches = branchesOf(layer.site);
    if (layer.kind === 'use') {
      for (const handler of layer.handlers) {
        if (!answersAlone(layer, paths, handler, router)) {
          for (const prefix of paths) before.push({ prefix, handler, branches });
          continue;
        }
        const route = {
          ...layer,
          kind: 'route',
          methods: router.framework === 'koa' ? methodsOfRest(router) : ['all'],
          handlers: [handler],
          isFallback: true,
        } as const;
        for (const path of paths)
          if (!/[*(]/.test(path)) addRoute(path, route, router, { ...inside, before }, routes, diagnostics);
      }
    } else if (layer.kind === 'route' && isGuard(layer, router)) {
      if (isAlone(layer, router)) {
        for (const path of paths)
          addRoute(path, layer, router, { ...inside, before: [...before, ...params] }, routes, diagnostics);
      }
      for (const prefix of paths)
        for (const handler of layer.handlers) before.push({ prefix, handler, branches, isExact: true });
    } else if (layer.kind === 'mount') {
      const own = params.filter(({ parameter }) => paths.some((path) => path.includes(`:${parameter}`)));
      const beside = { ...inside, branches, prefixes: paths, before: [...before, ...own] };
      walk(layer.router, beside, routes, diagnostics);
    } else
      for (const path of paths)
        addRoute(path, layer, router, { ...inside, before: [...before, ...params] }, routes, diagnostics);
  }
}

/**
 * Middleware below a path that never hands on answers every request there: `app.use('/ping', (req, res) => ...)`, or
 * `router.use((req, res) => ...)` of a router that stands below one.
 */
const answersAlone = (
  { path }: UseLayer,
  paths: readonly string[],
  handler: Value,
  router: RouterNode,
): boolean =>
  (router.framework === 'express' || (router.framework === 'koa' && methodsOfRest(router).length > 0)) &&
  textsOf(path).length > 0 &&
  paths.some((one) => /[^/]/.test(one)) &&
  handler.kind === 'function' &&
  formalParameters(handler.node).length <= (router.framework === 'koa' ? 1 : 2) &&
  formalParameters(handler.node).every(({ type }) => type === 'Identifier');

/** A path that takes every other one. */
const REST = /^\/?(?:\(\.[*+]\)|\*|\{?\/?\*\w+\}?|:\w+\(\.[*+]\))$/;

/** Middleware of Koa's routers runs where one of their routes is found: which methods one is found for, whatever the path. */
const methodsOfRest = ({ layers }: RouterNode): readonly string[] => [
  ...new Set(
    layers.flatMap((layer) =>
      layer.kind === 'route' && textsOf(layer.path).some((text) => REST.test(text)) ? layer.methods : [],
    ),
  ),
];

/** `app.all('/api/*', signedIn)`: what hands every request on is no endpoint. */
function isGuard({ methods, handlers }: RouteLayer, { framework }: RouterNode): boolean {
  const last = handlers.at(-1);
  if (framework !== 'express' || !methods.includes('all') || last === undefined) return false;
  const root = last.kind === 'call' ? rootOf(last) : undefined;
  return handsOn(last) || (root?.kind === 'external' && /passport|jwt|auth/i.test(root.package));
}

/** Whether what may hand requests on is all that its router has for its path: then it answers those that it does not. */
const isAlone = (layer: RouteLayer, { layers }: RouterNode): boolean =>
  layer.path.kind === 'constant' &&
  !/[*(]/.test(String(layer.path.value)) &&
  !layers.some(
    (other) =>
      other !== layer &&
      other.kind === 'route' &&
      other.path.kind === 'constant' &&
      isSameShape(String(other.path.value), textOf(layer.path) ?? ''),
  );

const textOfOrigin = ({ file, node }: Origin): string => file.text.slice(node.start, node.end);

/** The methods that `all` stands for in a document. */
export const ALL_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const siteOfFirst = ({ layers }: RouterNode): CallSite | undefined =>
  layers.flatMap((layer) => (layer.kind === 'param' ? [] : [layer.site]))[0];

const REQUEST_HOOKS: ReadonlySet<string> = new Set([
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
]);

function errorHandlersOf(router: RouterNode, instance: Instance | undefined): Conditional[] {
  if (instance?.errorHandler !== undefined) return [{ handler: instance.errorHandler, branches: [] }];
  return router.layers.flatMap((layer) =>
    layer.kind === 'use'
      ? layer.handlers
          .filter((handler) => isErrorHandler(handler))
          .map((handler) => ({ handler, branches: layer.site.branches ?? [] }))
      : [],
  );
}

/** Whether everything that has to hold for one thing holds wherever another one is. */
export const isSureFor = (one: readonly Branch[], other: readonly Branch[]): boolean =>
  one.every(({ condition, way }) => other.some((at) => at.condition === condition && at.way === way));

/** Whether one thing is there where another one is not. */
const isElsewhere = (one: readonly Branch[], other: readonly Branch[]): boolean =>
  one.some(({ condition, way }) => other.some((at) => at.condition === condition && at.way !== way));

export const isErrorHandler = (handler: Value): boolean =>
  handler.kind === 'function' ? formalParameters(handler.node).length === 4 : isCelebrateErrors(handler);

function addRoute(
  path: string,
  layer: RouteLayer,
  router: RouterNode,
  { before, errorHandlers, branches: around }: Around,
  routes: FoundRoute[],
  diagnostics: Diagnostic[],
): void {
  const templates = pathTemplates(asAnswered(path, router), router.framework);
  if (templates === undefined) {
    diagnostics.push(
      unclear(`the path ${JSON.stringify(path.slice(0, 100))} has no counterpart in OpenAPI`, layer.site),
    );
    return;
  }
  const [whole] = templates;
  const branches = [...around, ...(layer.site.branches ?? [])];
  const perhaps = new Set<Value>();
  const isThere = ({ branches: own }: Conditional): boolean => !isElsewhere(own, branches);
  const noted = <T>(one: Conditional, given: T): T => {
    if (!isSureFor(one.branches, branches)) perhaps.add(one.handler);
    return given;
  };
  const answering = errorHandlers.filter(isThere).map((one) => noted(one, one.handler));
  const guards = before
    .filter(isThere)
    .filter(({ prefix, handler, parameter, isExact }) =>
      parameter === undefined
        ? covers(prefix, path, isExact === true) && !isErrorHandler(handler)
        : path.includes(`:${parameter}`),
    )
    .flatMap((guard) => noted(guard, unexcepted(guard.handler, whole?.template ?? path, layer, diagnostics)));
  const instance = instanceOf(router);
  const parts = partsOf(layer, router);
  for (const template of templates.flatMap((path) => parts.map((part) => ({ path, ...part })))) {
    routes.push({
      router,
      ...template,
      before: guards,
      handlers: layer.handlers,
      errorHandlers: answering,
      perhaps,
      branches,
      ...(layer.options === undefined ? {} : { options: layer.options }),
      ...(layer.isFallback === undefined ? {} : { isFallback: layer.isFallback }),
      site: layer.site,
      ...(instance === undefined ? {} : { instance }),
    });
  }
}

/** A route for all methods whose functions ask which one it is, is followed for each of them. */
function partsOf(layer: RouteLayer, router: RouterNode): readonly Pick<FoundRoute, 'methods' | 'isPart'>[] {
  const { methods, handlers } = layer;
  if (!methods.includes('all') || layer.isFallback) return [{ methods }];
  const asks = handlers.some(
    (handler) =>
      handler.kind === 'function' &&
      /\.method\b|\{[^{}]{0,200}\bmethod\b[^{}]{0,200}\}/.test(textOfOrigin(handler.origin)),
  );
  if (!asks && !isGuard(layer, router)) return [{ methods }];
  return asks
    ? ALL_METHODS.map((method) => ({ methods: [method], isPart: true }))
    : [{ methods, isPart: true }];
}

/** A slash at the end counts only where a router is strict about it: without, it is the same path. */
const asAnswered = (path: string, { strict }: RouterNode): string =>
  (strict ? path : path.replace(/\/+$/, '')) || '/';

/** A guard unless the route is one of its exceptions. */
function unexcepted(
  handler: Value,
  template: string,
  { methods, site }: RouteLayer,
  diagnostics: Diagnostic[],
): Value[] {
  const options = unlessOptions(handler);
  if (options === undefined) return [handler];
  const isOut = isExcepted(options, template, methods, site);
  if (isOut === undefined) {
    const message = `whether ${template} is an exception of "unless" cannot be told: it is taken for none`;
    diagnostics.push({ code: 'SCF086', severity: 'warning', message, location: locationOf(site.origin) });
  }
  return isOut === true ? [] : [withoutUnless(handler)];
}

/** Whether what is mounted at a prefix is asked for a path; parameters may be called otherwise. */
function covers(prefix: string, path: string, isExact: boolean): boolean {
  const [ours, theirs] = [prefix, path].map((text) => text.replaceAll(/:\w+/g, ':').replace(/\/+$/, ''));
  if (ours === undefined || theirs === undefined || (ours === '' && !isExact)) return true;
  const [text = ''] = ours.split(/[*({]/);
  // Of a pattern, the text in front of it decides.
  if (text.length < ours.length) return `${theirs}/`.startsWith(text);
  return isSameShape(ours, theirs) || (!isExact && theirs.startsWith(`${ours}/`));
}

/** A parameter of one stands for any segment of the other. */
function isSameShape(ours: string, theirs: string): boolean {
  const [left, right] = [ours.split('/'), theirs.split('/')];
  return (
    left.length === right.length && left.every((segment, at) => segment === right[at] || segment === ':')
  );
}

/** Paths behind prefixes; what cannot be told is reported, and left out with everything below it. */
function joined(
  prefixes: readonly string[],
  path: Value,
  { framework }: RouterNode,
  diagnostics: Diagnostic[],
  site: CallSite | undefined,
): string[] {
  if (path === NO_PATH) return [...prefixes];
  const texts = textsOf(path);
  if (texts.length === 0) {
    const why =
      path.kind === 'pattern'
        ? `the pattern ${path.source.slice(0, 100)} has no counterpart in OpenAPI`
        : 'a path cannot be told';
    if (site !== undefined) diagnostics.push(unclear(why, site));
    return [];
  }
  const all = prefixes.flatMap((prefix) => texts.map((text) => join(prefix, text, framework === 'fastify')));
  return [...new Set(all)].slice(0, MAX_PATHS);
}

/** A list may hold itself; a path's lists are no deeper than this. */
const MAX_LISTS = 4;

function textsOf(path: Value, depth = 0): string[] {
  if (path.kind === 'list' || path.kind === 'choice') {
    const parts = path.kind === 'list' ? path.items : optionsOf(path);
    return depth > MAX_LISTS ? [] : parts.slice(0, 100).flatMap((part) => textsOf(part, depth + 1));
  }
  if (path.kind === 'constant')
    return path.value === undefined || path.value === null ? [''] : [String(path.value)];
  const text = path.kind === 'pattern' ? pathOfPattern(path.source) : undefined;
  return text === undefined ? [] : [text];
}

/** Express and Koa put a slash between, Fastify takes what is written; `/` below a prefix is the prefix. */
function join(prefix: string, path: string, asWritten: boolean): string {
  // `{/:page}/list`
  const hasSlash = path.startsWith('/') || path.startsWith('{/');
  if (prefix === '') return path === '' || hasSlash || path === '*' ? path : `/${path}`;
  if (path === '/' || path === '') return prefix;
  const left = prefix.endsWith('/') && hasSlash ? prefix.slice(0, -1) : prefix;
  return asWritten || hasSlash || left.endsWith('/') ? left + path : `${left}/${path}`;
}

const unclear = (message: string, { origin }: CallSite): Diagnostic => ({
  code: 'SCF074',
  severity: 'warning',
  message: `${message}: what is registered here is left out`,
  location: locationOf(origin),
});
