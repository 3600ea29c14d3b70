import { callFunction, callValue } from '../interpret/calls.ts';
import { keyOfValue } from '../interpret/classes.ts';
import { memberOf } from '../interpret/members.ts';
import { isTrue } from '../interpret/operators.ts';
import {
  ANY_MEMBER,
  type CallSite,
  type FunctionValue,
  type HostValue,
  native,
  optionsOf,
  textOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { autoload } from './autoload.ts';
import { exportedDefault, hostOf, unknownMethod } from './express-router.ts';
import { reportForeign } from './foreign.ts';
import { METHODS, NO_PATH, OTHER_METHODS, type RouterNode, remember } from './router.ts';

/** What a Fastify instance has besides its routes; plugins inherit it, and may keep their own to themselves. */
export interface Instance extends RouterNode {
  readonly parent?: Instance;
  readonly decorations: Map<string, Value>;
  /** Hooks by name, in order; they apply to every route of the instance and below. */
  readonly hooks: [string, Value, CallSite][];
  readonly schemas: Map<string, Value>;
  errorHandler?: Value;
  /** Packages registered, with their options: some mean something for every route. */
  readonly plugins: { readonly plugin: Value; readonly options: Value; readonly site: CallSite }[];
}

const isInstance = (router: RouterNode): router is Instance => 'decorations' in router;

export const instanceOf = (router: RouterNode): Instance | undefined =>
  isInstance(router) ? router : undefined;

export function newInstance(site: CallSite, parent?: Instance): Instance {
  const made: Instance = {
    framework: 'fastify',
    kind: parent === undefined ? 'app' : 'router',
    origin: site.origin,
    prefix: NO_PATH,
    layers: [],
    mounted: false,
    strict: parent?.strict ?? true,
    ...(parent === undefined ? {} : { parent }),
    decorations: new Map(),
    hooks: [],
    schemas: new Map(),
    plugins: [],
  };
  remember(site.scope.frame.interpreter, made);
  return made;
}

/** `fastify()` */
export function fastifyApp([options = UNDEFINED]: readonly Value[], site: CallSite): HostValue {
  const instance = newInstance(site);
  // From version 5.5 on it is an option of the router.
  const ignores = [options, memberOf(options, 'routerOptions', site)].some(
    (given) => given.kind === 'object' && isTrue(memberOf(given, 'ignoreTrailingSlash', site)) === true,
  );
  instance.strict = !ignores;
  return hostOfFastify(instance);
}

/** The functions that fastify-plugin made keep nothing to themselves. */
export const SHARED = '*shared*';

type InstanceMember = (
  instance: Instance,
  args: readonly Value[],
  site: CallSite,
  self: HostValue,
) => Value | undefined;

export function hostOfFastify(instance: Instance): HostValue {
  const self: HostValue = hostOf(instance, {
    name: `fastify.${instance.kind}`,
    member: (name, site) => member(name, site),
  });
  return self;

  function member(name: string, site: CallSite): Value | undefined {
    if (name === 'prefix') return instance.prefix;
    if (METHODS.includes(name) || OTHER_METHODS.has(name) || name === 'all') {
      return native(name, (args, at) => {
        shorthand(instance, name, args, at);
        return self;
      });
    }
    if (name === ANY_MEMBER) return native(name, (_args, at) => unknownMethod(at));
    const own = Object.hasOwn(INSTANCE_MEMBERS, name) ? INSTANCE_MEMBERS[name] : undefined;
    if (own !== undefined) return native(name, (args, at) => own(instance, args, at, self) ?? self);
    return decoration(instance, name) ?? packageMember(name, site);
  }
}

/** What another plugin gave to the instance, or to one above. */
export function decoration(instance: Instance, name: string): Value | undefined {
  for (let at: Instance | undefined = instance; at !== undefined; at = at.parent) {
    const found = at.decorations.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What nobody in the sources has decorated comes from a package. */
const packageMember = (name: string, _site: CallSite): Value => ({
  kind: 'external',
  package: 'fastify',
  path: ['*', name],
});

function shorthand(instance: Instance, name: string, args: readonly Value[], site: CallSite): void {
  const [path = UNKNOWN, second, third] = args;
  const options = third === undefined ? undefined : second;
  const handler = third ?? second;
  const isOptions = third === undefined && second?.kind === 'object';
  addRoute(instance, [name], path, isOptions ? second : options, isOptions ? undefined : handler, site);
}

function addRoute(
  instance: Instance,
  methods: readonly string[],
  path: Value,
  options: Value | undefined,
  handler: Value | undefined,
  site: CallSite,
): void {
  const own = handler ?? (options === undefined ? UNKNOWN : memberOf(options, 'handler', site));
  const given = options === undefined ? {} : { options };
  instance.layers.push({ kind: 'route', methods, path, handlers: [own], site, ...given });
}

const INSTANCE_MEMBERS: Readonly<Record<string, InstanceMember>> = {
  route: (instance, [options = UNKNOWN], site) => {
    const method = memberOf(options, 'method', site);
    const methods = method.kind === 'list' ? method.items : optionsOf(method);
    const names = methods.map(textOf).filter((name) => name !== undefined);
    if (names.length === 0) unknownMethod(site);
    const url = memberOf(options, 'url', site);
    const path = url.kind === 'unknown' || url === UNDEFINED ? memberOf(options, 'path', site) : url;
    addRoute(
      instance,
      names.map((name) => name.toLowerCase()),
      path,
      options,
      undefined,
      site,
    );
    return undefined;
  },
  register: (instance, [plugin = UNKNOWN, options = UNDEFINED], site) => {
    register(instance, plugin, options, site);
    return undefined;
  },
  addHook: (instance, [name, hook = UNKNOWN], site) => {
    const text = textOf(name);
    if (text !== undefined) instance.hooks.push([text, hook, site]);
    return undefined;
  },
  decorate: (instance, [name = UNKNOWN, value = UNKNOWN]) => {
    const key = keyOfValue(name);
    if (key !== undefined) instance.decorations.set(key, value);
    return undefined;
  },
  getDecorator: (instance, [name = UNKNOWN], site) => {
    const key = keyOfValue(name);
    return key === undefined ? UNKNOWN : (decoration(instance, key) ?? packageMember(key, site));
  },
  decorateRequest: (instance, [name, value = UNKNOWN]) => decorateSide(instance, 'request', name, value),
  decorateReply: (instance, [name, value = UNKNOWN]) => decorateSide(instance, 'reply', name, value),
  addSchema: (instance, [schema = UNKNOWN], site) => {
    const id = textOf(memberOf(schema, '$id', site));
    if (id !== undefined) instance.schemas.set(id, schema);
    return undefined;
  },
  setErrorHandler: (instance, [handler = UNKNOWN]) => {
    instance.errorHandler = handler;
    return undefined;
  },
  after: (instance, args, site, self) => later(instance, args, site, self),
  ready: (instance, args, site, self) => later(instance, args, site, self),
  withTypeProvider: () => undefined,
  setValidatorCompiler: () => undefined,
  setSerializerCompiler: () => undefined,
  setNotFoundHandler: () => undefined,
};

/** Only functions are remembered: what else is put on requests is replaced by hooks. */
function decorateSide(
  instance: Instance,
  side: 'request' | 'reply',
  name: Value | undefined,
  value: Value,
): undefined {
  const key = name === undefined ? undefined : keyOfValue(name);
  if (key !== undefined && value.kind === 'function') instance.decorations.set(`${side}.${key}`, value);
  return undefined;
}

function later(
  _instance: Instance,
  [callback]: readonly Value[],
  site: CallSite,
  self: HostValue,
): undefined {
  if (callback?.kind === 'function') callFunction(callback, { args: [UNDEFINED, self], site, open: true });
  return undefined;
}

/** Runs a plugin on an instance of its own, or on this one when it is shared. */
export function register(instance: Instance, plugin: Value, options: Value, site: CallSite): void {
  if (plugin.kind === 'choice') {
    for (const option of plugin.options) register(instance, option, options, site);
    return;
  }
  if (plugin.kind === 'module') {
    register(instance, exportedDefault(plugin, site), options, site);
    return;
  }
  if (plugin.kind === 'object') {
    const inner = plugin.properties.get('default');
    if (inner !== undefined) register(instance, inner, options, site);
    return;
  }
  if (plugin.kind === 'external' && /^(?:@fastify\/|fastify-)autoload$/.test(plugin.package)) {
    autoload(instance, options, site);
    return;
  }
  if (plugin.kind !== 'function' && plugin.kind !== 'host') {
    if (plugin.kind === 'unknown') reportUnknown(site);
    else {
      const below = ['prefix', 'routePrefix'].map((name) => memberOf(options, name, site));
      const path = below.find((given) => given.kind === 'constant' && typeof given.value === 'string');
      reportForeign(plugin, path ?? NO_PATH, true, site);
      instance.plugins.push({ plugin, options, site });
    }
    return;
  }
  runPlugin(instance, plugin, options, site);
}

function reportUnknown(site: CallSite): void {
  site.scope.frame.interpreter.report(
    'SCF075',
    'warning',
    'the plugin registered here cannot be told: its routes, or what it asks of requests, are missing from the document',
    site.origin,
  );
}

export function runPlugin(
  instance: Instance,
  plugin: FunctionValue | HostValue,
  options: Value,
  site: CallSite,
): Instance {
  const prefix = memberOf(options, 'prefix', site);
  const isShared = plugin.kind === 'function' && plugin.properties.has(SHARED);
  const target = isShared ? instance : newInstance(site, instance);
  if (!isShared) {
    target.mounted = true;
    const path =
      prefix.kind === 'unknown' && options.kind !== 'unknown' && options.kind !== 'choice' ? NO_PATH : prefix;
    instance.layers.push({
      kind: 'mount',
      path: path.kind === 'constant' && typeof path.value !== 'string' ? NO_PATH : path,
      router: target,
      site,
    });
  }
  const done = native('done', () => UNKNOWN);
  callValue(plugin, { args: [hostOfFastify(target), options, done], site });
  return target;
}
