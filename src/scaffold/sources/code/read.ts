import type { Diagnostic } from '../../../core/diagnostic.ts';
import type {
  FoundContract,
  FoundOperation,
  FoundParameter,
  FoundResponse,
} from '../../describe/contract.ts';
import type { FrameworkName } from '../../index.ts';
import type { JsonObject } from '../../model/json.ts';
import { PACKAGES } from './frameworks/packages.ts';
import type { RouterNode } from './frameworks/router.ts';
import { NamedSchemas } from './named-schemas.ts';
import { describeStatus } from './operations/answers.ts';
import { describeRoute } from './operations/describe.ts';
import type { Alias } from './paths.ts';
import { openProject, type Project } from './project.ts';
import { type FoundRoute, isSureFor, routesOf } from './routes.ts';
import { SCHEMAS_PER_ROUTE, type SchemaContext } from './schemas/context.ts';
import { fastifySchemas } from './schemas/fastify-schemas.ts';
import { locationOf } from './source-file.ts';
import { rootsOf, start } from './start.ts';
import { union } from './types/schema.ts';
import { zodReaderOf } from './zod/of-interpreter.ts';

export interface CodeSource {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
  /** What routes are for, where the sources do not say. */
  readonly framework?: FrameworkName;
  readonly aliases?: readonly Alias[];
}

/** Reads the routes of a folder of sources, without running them. Errors: SCF070. */
export async function readCode({ path, shown, framework, aliases }: CodeSource): Promise<FoundContract> {
  const project = await openProject(path, shown, PACKAGES, aliases);
  start(project, framework);
  const diagnostics: Diagnostic[] = [];
  const routes = foundRoutes(project, diagnostics);
  const named = new NamedSchemas();
  const schemes = new Map<string, JsonObject>();
  const operations = describeAll(routes, project, named, schemes);
  return {
    operations: withoutDoubles(operations, diagnostics),
    schemas: named.schemas,
    securitySchemes: schemes,
    diagnostics: distinct([...project.diagnostics, ...project.interpreter.diagnostics, ...diagnostics]),
  };
}

function foundRoutes(project: Project, diagnostics: Diagnostic[]): FoundRoute[] {
  const { roots, stray } = rootsOf(project);
  const found = roots.flatMap((root) => routesOf(root, diagnostics));
  for (const router of stray) {
    const own = routesOf(router, roots.length > 0 ? [] : diagnostics);
    if (own.length === 0) continue;
    diagnostics.push(strayRouter(router, roots.length > 0));
    if (roots.length === 0) found.push(...own);
  }
  return onceEach(found);
}

/** An application may be made in several places, by the same lines: its routes are the same. */
function onceEach(routes: readonly FoundRoute[]): FoundRoute[] {
  const seen = new Set<string>();
  return routes.filter(({ site: { origin }, methods, path: { template } }) => {
    const { start, end } = origin.node;
    const key = [origin.file.path, start, end, methods.join(), template].join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function strayRouter({ origin }: RouterNode, isLeftOut: boolean): Diagnostic {
  const message = isLeftOut
    ? 'nothing in the folder leads to this router: its routes are left out'
    : 'nothing in the folder leads to this router: its paths are written as if it stood alone';
  return { code: 'SCF080', severity: isLeftOut ? 'warning' : 'info', message, location: locationOf(origin) };
}

function describeAll(
  routes: readonly FoundRoute[],
  project: Project,
  named: NamedSchemas,
  schemes: Map<string, JsonObject>,
): FoundOperation[] {
  const { interpreter } = project;
  const [first] = routes;
  if (first === undefined) return [];
  const zod = zodReaderOf(interpreter, first.site);
  interpreter.beginRoutes(routes.length);
  return routes.flatMap((route) => {
    const context: SchemaContext = {
      named,
      interpreter,
      zod,
      origin: route.site.origin,
      budget: { left: SCHEMAS_PER_ROUTE },
    };
    const byId = route.instance === undefined ? undefined : fastifySchemas(route.instance, context);
    const described = describeRoute(route, byId === undefined ? context : { ...context, byId });
    if (context.budget.left <= 0) {
      interpreter.report(
        'SCF072',
        'warning',
        'the schemas of this route are cut: they are too large',
        context.origin,
      );
    }
    for (const [name, scheme] of described.schemes) if (!schemes.has(name)) schemes.set(name, scheme);
    return described.operations;
  });
}

/**
 * Of two that answer the same requests the first does. Where one path calls its parameters in several ways, they are
 * called as they were first: a document has one path for them.
 */
function withoutDoubles(operations: readonly FoundOperation[], diagnostics: Diagnostic[]): FoundOperation[] {
  const paths = new Map<string, string>();
  const seen = new Map<string, FoundOperation>();
  const first = operations.flatMap((operation) => {
    const shape = operation.path.replaceAll(/\{[^}]*\}/g, '{}');
    const path = paths.get(shape) ?? operation.path;
    paths.set(shape, path);
    const key = `${operation.method} ${shape}`;
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, path === operation.path ? operation : renamed(operation, path));
      return [key];
    }
    if (before.handsOn) {
      seen.set(key, continued(before, operation));
      return [];
    }
    if (!isSureFor(before.branches ?? [], operation.branches ?? [])) {
      seen.set(key, either(before, operation));
      return [];
    }
    const { method, location } = operation;
    const message = `${method.toUpperCase()} ${operation.path} is left out: another route for the same requests is registered before`;
    diagnostics.push({ code: 'SCF081', severity: 'info', message, location });
    return [];
  });
  // A path that takes every other one answers for what is left.
  const catchesAll = operations.some(({ parameters }) =>
    parameters.some(({ in: place, description }) => place === 'path' && description !== undefined),
  );
  return first.flatMap((key) => seen.get(key) ?? []).map((one) => (catchesAll ? one : withNotFound(one)));
}

/** What two routes for the same requests do, of which only the run decides which one is there. */
function either(first: FoundOperation, second: FoundOperation): FoundOperation {
  const { body = second.body, branches: _branches, ...rest } = first;
  const nameOf = (one: FoundParameter): string => `${one.in} ${one.name}`;
  const isOfBoth = (one: FoundParameter): boolean =>
    [first, second].every(({ parameters }) => parameters.some((other) => nameOf(other) === nameOf(one)));
  const parameters = [...first.parameters, ...second.parameters]
    .filter((one, at, all) => all.findIndex((other) => nameOf(other) === nameOf(one)) === at)
    .map((one) => ({ ...one, required: one.required && isOfBoth(one) }));
  const statuses = [...new Set([...first.responses, ...second.responses].map(({ status }) => status))];
  const responses = statuses.sort().flatMap((status) => {
    const both = [first, second].flatMap(({ responses }) => responses.filter((one) => one.status === status));
    return both.slice(0, 1).map((one) => ({ ...one, content: contentOfAll(both) }));
  });
  const security = [first, second].flatMap((one) => one.security ?? [{}]);
  const isAsked = security.some((one) => Object.keys(one).length > 0);
  const distinctSecurity = security.filter(
    (one, at) => security.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at,
  );
  return {
    ...rest,
    parameters,
    ...(body === undefined
      ? {}
      : {
          body: { ...body, required: body.required && first.body !== undefined && second.body !== undefined },
        }),
    responses,
    ...(isAsked ? { security: distinctSecurity } : {}),
    ...(second.branches === undefined ? {} : { branches: second.branches }),
  };
}

/** The contents of one answer, any of which it may have. */
function contentOfAll(responses: readonly FoundResponse[]): Map<string, JsonObject> {
  const types = new Set(responses.flatMap(({ content }) => [...content.keys()]));
  return new Map(
    [...types].map((type) => [
      type,
      union(responses.map(({ content }) => content.get(type)).filter((schema) => schema !== undefined)),
    ]),
  );
}

/** What one route leaves to the next for the same requests, that answers. */
function continued(operation: FoundOperation, next: FoundOperation): FoundOperation {
  const { handsOn: _handsOn, ...first } = operation;
  const others = next.responses.filter(
    ({ status }) => !operation.responses.some((one) => one.status === status),
  );
  return {
    ...first,
    responses: [...operation.responses, ...others].sort((left, right) =>
      left.status < right.status ? -1 : 1,
    ),
    ...(next.handsOn ? { handsOn: true as const } : {}),
  };
}

/** What nobody answers, Express answers with 404. */
function withNotFound(operation: FoundOperation): FoundOperation {
  const isThere = operation.responses.some(({ status }) => ['404', '4XX', 'default'].includes(status));
  if (!operation.handsOn || isThere) return operation;
  const notFound = { status: '404', description: describeStatus('404'), content: new Map() };
  return continued(operation, { ...operation, responses: [notFound] });
}

const namesIn = (path: string): string[] => [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);

function renamed(operation: FoundOperation, path: string): FoundOperation {
  const [before, after] = [namesIn(operation.path), namesIn(path)];
  const parameters = operation.parameters.map((parameter) => {
    const at = parameter.in === 'path' ? before.indexOf(parameter.name) : -1;
    return at === -1 ? parameter : { ...parameter, name: after[at] ?? parameter.name };
  });
  return { ...operation, path, parameters };
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, message, location }) => {
    const key = `${code} ${message} ${location?.file}:${location?.line}:${location?.column}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
