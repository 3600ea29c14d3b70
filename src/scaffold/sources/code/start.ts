import type { FrameworkName } from '../../index.ts';
import { hostOfExpress } from './frameworks/express-router.ts';
import { hostOfFastify, newInstance } from './frameworks/fastify-instance.ts';
import { hostOfKoa } from './frameworks/koa-router.ts';
import { madeRouters, newRouter, type RouterNode } from './frameworks/router.ts';
import { callFunction } from './interpret/calls.ts';
import { construct, inheritedMember } from './interpret/classes.ts';
import { formalParameters } from './nodes.ts';
import type { Module, Project } from './project.ts';
import { filesToStart } from './start-files.ts';
import { typeName } from './types/members.ts';
import { type CallSite, type ClassValue, type FunctionValue, UNKNOWN, type Value } from './value.ts';

/** Follows every file, and what only something outside the folder would call: functions that make or take a router. */
export function start(project: Project, asked: FrameworkName | undefined): void {
  const { meant, aside } = filesToStart(project);
  startAll(project, followed(project, meant), asked);
  if (madeRouters(project.interpreter).every(({ layers }) => layers.length === 0))
    startAll(project, followed(project, aside), asked);
}

function followed(project: Project, files: readonly string[]): Module[] {
  const modules = files.flatMap((file) => project.module(file) ?? []);
  for (const module of modules) project.follow(module);
  return modules;
}

function startAll(project: Project, modules: readonly Module[], asked: FrameworkName | undefined): void {
  const usual = asked ?? usualFramework(modules);
  const started: Started[] = [];
  for (const takesRouter of [false, true]) {
    for (const module of modules) {
      for (const [, value] of project.exportsOf(module))
        startValue(value, { module, usual, takesRouter, started });
    }
  }
  // What another function turned out to call was followed from there, with everything around it.
  for (const { nodes, made } of started) {
    const isCalled = nodes.some((node) => project.interpreter.followed.has(node));
    if (isCalled) for (const router of made) router.mounted = true;
  }
}

/** What we called ourselves, and the routers that it made. */
interface Started {
  readonly nodes: readonly FunctionValue['node'][];
  readonly made: readonly RouterNode[];
}

interface Start {
  readonly module: Module;
  readonly usual: FrameworkName | undefined;
  /** Functions that make their own router go first: they may call those that take one. */
  readonly takesRouter: boolean;
  readonly started: Started[];
}

function startValue(value: Value, start: Start): void {
  if (value.kind === 'function') startFunction(value, start);
  else if (value.kind === 'class' && !start.takesRouter) startClass(value, start);
  else if (value.kind === 'object' && value.class === undefined && value.properties.size < 500) {
    for (const member of value.properties.values())
      if (member.kind === 'function') startFunction(member, start);
  }
}

/** Whether a function was followed, by others or from here. */
const wasFollowed = (node: FunctionValue['node'], { module, started }: Start): boolean =>
  module.scope.frame.interpreter.followed.has(node) || started.some(({ nodes }) => nodes.includes(node));

/** Does what calls functions that nobody has called so far; who calls them later is told from us. */
function startedBy({ module, started }: Start, work: () => FunctionValue['node'][]): void {
  const { interpreter } = module.scope.frame;
  const before = madeRouters(interpreter).length;
  const nodes = work();
  for (const node of nodes) interpreter.followed.delete(node);
  started.push({ nodes, made: madeRouters(interpreter).slice(before) });
}

const REGISTERS = /\.(?:get|post|put|patch|delete|del|all|use|route|register|routes)\s*(?:<[^;]{0,300}?>)?\(/;
const MAKES =
  /\b(?:(?:express|fastify|koa)(?:_\d)?(?:\.default)?|Express|Fastify|Router|Koa|(?:create|build|make|new|get|init|setup)\w{0,40}(?:App|Application|Router|Server))\)?\s*(?:<[^;]{0,300}?>)?\(/;

const textOfNode = ({ origin: { file, node } }: FunctionValue | ClassValue): string =>
  file.text.slice(node.start, node.end);

function siteOf({ origin }: FunctionValue | ClassValue, { scope }: Module): CallSite {
  return { origin, scope, construct: false };
}

function startFunction(value: FunctionValue, start: Start): void {
  const { module, usual, takesRouter } = start;
  if (wasFollowed(value.node, start)) return;
  const text = textOfNode(value);
  const site = siteOf(value, module);
  const given = argumentsFor(value, text, usual, site);
  if (takesRouter) {
    if (given.length === 0) return;
  } else if (given.length > 0 || !MAKES.test(text) || !REGISTERS.test(text)) return;
  const { interpreter } = module.scope.frame;
  startedBy(start, () => {
    interpreter.within(value.origin, 'a function', () =>
      callFunction(value, { args: given, site, open: true }),
    );
    return [value.node];
  });
}

function startClass(value: ClassValue, start: Start): void {
  const { interpreter } = start.module.scope.frame;
  const isMade = value.node.body.body.some(
    (element) =>
      element.type === 'MethodDefinition' &&
      element.kind === 'constructor' &&
      wasFollowed(element.value, start),
  );
  if (isMade || !REGISTERS.test(textOfNode(value))) return;
  startedBy(start, () =>
    interpreter.within(value.origin, 'a class', () => callMethods(value, start.module, start.usual)),
  );
}

/** Makes an instance of a class, and calls those of its methods that register routes; gives what was called. */
function callMethods(
  value: ClassValue,
  module: Module,
  usual: FrameworkName | undefined,
): FunctionValue['node'][] {
  const { followed } = module.scope.frame.interpreter;
  const text = textOfNode(value);
  const site = siteOf(value, module);
  const instance = construct(value, { args: [], site, open: true });
  const called: FunctionValue['node'][] = [];
  for (const element of value.node.body.body) {
    if (element.type !== 'MethodDefinition') continue;
    if (element.kind === 'constructor') called.push(element.value);
    if (element.kind !== 'method' || followed.has(element.value) || element.key.type !== 'Identifier')
      continue;
    const { name } = element.key;
    const method = element.static ? value.statics.get(name) : inheritedMember(value, name, instance);
    if (method?.kind !== 'function') continue;
    const given = argumentsFor(method, text.slice(element.start - value.node.start), usual, site);
    const makes = MAKES.test(textOfNode(method)) && REGISTERS.test(textOfNode(method));
    if (given.length === 0 && !makes) continue;
    callFunction(method, { args: given, site, open: true });
    called.push(element.value);
  }
  return called;
}

/** The types of frameworks' applications and routers. */
const ROUTER_TYPES: Readonly<Record<string, FrameworkName>> = {
  FastifyInstance: 'fastify',
  Express: 'express',
  Application: 'express',
  IRouter: 'express',
  Koa: 'koa',
};

const FUNCTION_TYPES: ReadonlySet<string> = new Set([
  'FastifyPluginAsync',
  'FastifyPluginCallback',
  'FastifyPlugin',
  'FastifyPluginAsyncTypebox',
  'FastifyPluginAsyncZod',
  'FastifyPluginCallbackTypebox',
  'FastifyPluginCallbackZod',
  'FastifyPluginAsyncJsonSchemaToTs',
  'FastifyPluginCallbackJsonSchemaToTs',
]);

/** How people call what routes are registered on. */
const ROUTER_NAMES = /^(?:fastify|app|application|expressApp|server|router|routes?|instance|api|koa|f)$/i;

/** Routers for the parameters that are one, as far as their types, or their names and uses, say so. */
function argumentsFor(
  value: FunctionValue,
  text: string,
  usual: FrameworkName | undefined,
  site: CallSite,
): Value[] {
  const { interpreter } = site.scope.frame;
  const annotation = interpreter.annotations.get(value.node);
  const isPlugin =
    annotation?.node.type === 'TSTypeReference' &&
    FUNCTION_TYPES.has(typeName(annotation.node.typeName) ?? '');
  const parameters = formalParameters(value.node).slice(0, 4);
  const given = parameters.map((parameter, at): Value | undefined => {
    if (at === 0 && isPlugin) return assumed('fastify', site);
    if (parameter.type !== 'Identifier') return undefined;
    const type = parameter.typeAnnotation?.typeAnnotation;
    const named = type?.type === 'TSTypeReference' ? typeName(type.typeName) : undefined;
    if (named !== undefined) {
      const own = ROUTER_TYPES[named];
      if (own !== undefined) return assumed(own, site);
      return named === 'Router' && usual !== undefined
        ? assumed(usual === 'koa' ? 'koa' : 'express', site)
        : undefined;
    }
    if (type || !ROUTER_NAMES.test(parameter.name) || !isRoutedOn(parameter.name, text)) return undefined;
    const framework = /^f(?:astify)?$/i.test(parameter.name) ? 'fastify' : usual;
    return framework === undefined ? undefined : assumed(framework, site);
  });
  return given.some((argument) => argument !== undefined) ? given.map((argument) => argument ?? UNKNOWN) : [];
}

const isRoutedOn = (name: string, text: string): boolean =>
  new RegExp(
    `\\b${name}\\s*\\.\\s*(?:(?:get|post|put|patch|delete|del|all|use|route)\\s*(?:<[^;]{0,300}?>)?\\(\\s*['"\`\\[{]|register\\s*\\()`,
  ).test(text);

/** An application that stands for the one that is outside the folder. */
function assumed(framework: FrameworkName, site: CallSite): Value {
  if (framework === 'fastify') return hostOfFastify(newInstance(site));
  const router: RouterNode = newRouter(framework, 'router', site);
  return framework === 'koa' ? hostOfKoa(router) : hostOfExpress(router);
}

const IMPORTS: readonly (readonly [FrameworkName, RegExp])[] = [
  ['express', /['"]express(?:-promise-router)?['"]/],
  ['fastify', /['"](?:fastify(?:-plugin)?|@fastify\/[\w-]+)['"]/],
  ['koa', /['"](?:koa|@koa\/router|koa-router)['"]/],
];

/** The framework that most files import; undefined when none does. */
function usualFramework(modules: readonly Module[]): FrameworkName | undefined {
  const counts = IMPORTS.map(([name, pattern]) => ({
    name,
    count: modules.filter(({ file }) => pattern.test(file.text)).length,
  }));
  const [most] = counts.sort((left, right) => right.count - left.count);
  return most === undefined || most.count === 0 ? undefined : most.name;
}

/** The routers that no other leads to: applications first, and without any, everything that has routes. */
export function rootsOf(project: Project): {
  readonly roots: readonly RouterNode[];
  readonly stray: readonly RouterNode[];
} {
  const free = madeRouters(project.interpreter).filter(
    ({ mounted, layers }) => !mounted && layers.length > 0,
  );
  const apps = free.filter(
    ({ kind, layers }) => kind === 'app' && layers.some(({ kind: layer }) => layer !== 'use'),
  );
  const others = free.filter(
    (router) => !apps.includes(router) && router.layers.some(({ kind }) => kind !== 'use'),
  );
  return { roots: apps, stray: others };
}
