import type { FoundOperation, FoundResponse } from '../../../describe/contract.ts';
import type { HttpMethod } from '../../../model/api.ts';
import type { JsonObject } from '../../../model/json.ts';
import { followRoute, type Stage } from '../handlers/follow.ts';
import { Trace } from '../handlers/trace.ts';
import { memberOf } from '../interpret/members.ts';
import { isTrue } from '../interpret/operators.ts';
import { formalParameters } from '../nodes.ts';
import { ALL_METHODS, type FoundRoute } from '../routes.ts';
import type { SchemaContext } from '../schemas/context.ts';
import { checkedFields, isChain } from '../schemas/validators/express-validator.ts';
import { locationOf } from '../source-file.ts';
import { type RequestTypes, requestTypes, routeTypes } from '../types/request-types.ts';
import { type TypeReference, textOf, UNKNOWN, type Value } from '../value.ts';
import { declaredResponses, describeStatus, seenResponses } from './answers.ts';
import { placedFields } from './checked-fields.ts';
import { documentationOf } from './comments.ts';
import { bodyOf, type Inputs, isStated, parametersOf } from './inputs.ts';
import { limiterOf } from './rate-limits.ts';
import {
  type Asked,
  askedByPlugins,
  askedByStages,
  passportAnswers,
  unclearGuard,
  unclearRefusals,
} from './security.ts';
import { sessionCookie } from './session-cookie.ts';
import { filesOf } from './uploads.ts';
import { checkedByPackage, noteValidation, unreadPackage } from './validation.ts';

export interface Described {
  readonly operations: readonly FoundOperation[];
  readonly schemes: ReadonlyMap<string, JsonObject>;
}

/** The operations that a route is, one for each of its methods: nothing when it is hidden from documents. */
export function describeRoute(route: FoundRoute, context: SchemaContext): Described {
  const { interpreter } = context;
  let types: RequestTypes = routeTypes(route.router.framework, route.site.types, route.site.scope);
  const noteType = (value: Value, type: TypeReference): void => {
    if (value.kind === 'host' && /\.(?:request|response|reply)$/.test(value.host.name))
      types = { ...requestTypes(type), ...types };
  };
  const trace = new Trace((call, to) => {
    noteValidation(call, to);
    return undefined;
  }, noteType);
  const stages = followRoute(route, trace, interpreter);
  const handler = route.handlers.at(-1);
  const annotation = handler?.kind === 'function' ? interpreter.annotations.get(handler.node) : undefined;
  if (annotation !== undefined) types = { ...requestTypes(annotation), ...types };
  const schema = route.options === undefined ? undefined : memberOf(route.options, 'schema', route.site);
  const own = schema?.kind === 'object' ? schema : undefined;
  if (own !== undefined && isTrue(own.properties.get('hide') ?? UNKNOWN) === true)
    return { operations: [], schemes: new Map() };
  const asked = [...route.before, ...route.handlers];
  const checked = [...trace.checked, ...asked.flatMap(checkedByPackage)];
  const chains = [...asked.filter(isChain), ...trace.chains];
  const everyField = chains.flatMap((chain) => checkedFields(chain, context));
  const fields = placedFields(everyField, route, trace.reads);
  const handlerReads = stages.filter(({ isHandler }) => isHandler).flatMap(({ reads }) => reads);
  const inputs: Inputs = { route, trace, checked, fields, handlerReads, types, schema: own, context };
  return operationsOf(inputs, stages, handler);
}

function operationsOf(inputs: Inputs, stages: readonly Stage[], handler: Value | undefined): Described {
  const { route, trace, types, schema, context } = inputs;
  const { name: cookie, doubt } = sessionCookie(route);
  const byStage = askedByStages(stages, cookie).map((asked, at) =>
    asked.filter((one) => !isInput(one, stages[at]?.isHandler === true, inputs)),
  );
  const byPlugins = askedByPlugins(route.instance);
  const alternatives = ofOneHeader([byPlugins, ...byStage].filter(({ length }) => length > 0));
  // Where nobody may stand in front of a route, nothing may be asked.
  const required = ofOneHeader(
    [byPlugins, ...byStage.map((asked, at) => inBranches(asked, stages[at]?.handler, route))].filter(
      ({ length }) => length > 0,
    ),
  );
  if (doubt !== undefined && alternatives.flat().some(({ scheme }) => scheme === 'sessionCookie'))
    context.interpreter.report('SCF086', 'info', doubt.message, doubt.origin);
  reportUnclear(
    inputs,
    stages.filter((_stage, at) => byStage[at]?.length === 0),
  );
  for (const { handler: refusing } of unclearRefusals(stages, alternatives)) {
    const origin = refusing.kind === 'function' ? refusing.origin : route.site.origin;
    const message =
      'what is refused here without credentials cannot be told: it is written as asking for none';
    context.interpreter.report('SCF086', 'warning', message, origin);
  }
  const schemes = new Map(alternatives.flat().map(({ scheme, definition }) => [scheme, definition]));
  const credentials = new Set(
    [...schemes.values()].flatMap(({ in: place, name }) =>
      place === undefined ? [] : [`${String(place)} ${String(name).toLowerCase()}`],
    ),
  );
  const declared = declaredResponses(schema, context);
  const seen = seenResponses(trace.answers, types.response, declared, route.router.framework, context);
  const responses = withUsual(merged(declared, seen), alternatives.flat(), route);
  const methods = methodsOf(route, context);
  if (isNoEndpoint(route, trace, responses)) return { operations: [], schemes: new Map() };
  const meant = handlerMeant(handler, stages);
  const documentation = documentationOf(route.site.origin, meant);
  const security = requirementsOf(required);
  const isTold = responses.length > 0 && (declared.length > 0 || !leavesAnswerOpen(inputs, stages));
  if (!isTold) {
    context.interpreter.report(
      'SCF078',
      'info',
      `what ${methods.join(', ').toUpperCase()} ${route.path.template} answers cannot be told`,
      route.site.origin,
    );
  }
  const followed = stages.map((stage) => stage.handler);
  const files = filesOf([...route.before, ...route.handlers, ...followed], trace.reads);
  const operations = methods.map((method): FoundOperation => {
    const body = bodyOf(inputs, method, files);
    return {
      method,
      path: route.path.template,
      ...said(schema?.kind === 'object' ? schema : undefined, documentation),
      ...nameOfHandler(meant),
      ...(trace.handedOn && !route.isFallback ? { handsOn: true as const } : {}),
      parameters: parametersOf(inputs, credentials),
      ...(body === undefined ? {} : { body }),
      responses: isTold ? responses : withDefault(responses),
      ...(security === undefined ? {} : { security }),
      location: locationOf(route.site.origin),
      ...(route.branches.length === 0 ? {} : { branches: route.branches }),
    };
  });
  return { operations, schemes };
}

/**
 * Whether what looks like a credential in the query is an input of the operation, such as the token of a link in a mail:
 * where a validator states it, or the handler itself looks whether it holds. A key by name is none.
 */
function isInput({ definition }: Asked, isHandler: boolean, inputs: Inputs): boolean {
  const { in: place, name } = definition;
  if (place !== 'query' || typeof name !== 'string') return false;
  return (isHandler && !/key/i.test(name)) || isStated('query', name, inputs);
}

/**
 * Whether the handler may answer in a way that cannot be told, whatever stands in front of it answers: a package's, one
 * that was not seen to answer, or one that hands the answer to something that is not known where nobody has answered.
 */
function leavesAnswerOpen({ route, trace }: Inputs, stages: readonly Stage[]): boolean {
  const stage = stages.find(({ isHandler }) => isHandler);
  if (stage === undefined || trace.handedOn) return false;
  const { handler, answers, statuses, thrown, calls, isOpen, isUntouched } = stage;
  if (handler.kind === 'host' || handler.kind === 'choice') return false;
  const isSilent = answers.length === 0 && thrown.length === 0 && isOpen;
  if (handler.kind !== 'function') return isSilent && passportAnswers(handler).length === 0;
  const isEmpty =
    route.router.framework === 'koa' ? isSilent && isUntouched && statuses.length === 0 : isSilent;
  return isEmpty || (isOpen && calls.some(({ args }) => args.some(isAnswer)));
}

/** What a framework hands to handlers for their answers. */
const isAnswer = (value: Value): boolean =>
  value.kind === 'host' && /^(?:express\.response|fastify\.reply|koa\.context)$/.test(value.host.name);

/** The answers that are known, and that there may be others. */
const withDefault = (responses: readonly FoundResponse[]): FoundResponse[] =>
  responses.some(({ status }) => status === 'default')
    ? [...responses]
    : [...responses, { status: 'default', description: describeStatus('default'), content: new Map() }];

const METHODS: readonly HttpMethod[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** What only refuses, or only hands on, is there for other routes. */
function isNoEndpoint(
  { isFallback, isPart }: FoundRoute,
  { handedOn }: Trace,
  responses: readonly FoundResponse[],
): boolean {
  if (isPart && handedOn && !responses.some(({ status }) => status.startsWith('2'))) return true;
  const isAll = isFallback || isPart;
  return isAll === true && responses.length > 0 && responses.every(({ status }) => /^[45]/.test(status));
}

/** Says what packages may ask of requests besides. */
function reportUnclear({ route, context: { interpreter } }: Inputs, stages: readonly Stage[]): void {
  for (const { handler } of stages) {
    const origin = handler.kind === 'call' ? handler.origin : route.site.origin;
    const guard = unclearGuard(handler);
    if (guard !== undefined) {
      interpreter.report('SCF086', 'warning', `what ${guard} asks of requests cannot be told`, origin);
    }
    const unread = unreadPackage(handler);
    if (unread !== undefined)
      interpreter.report('SCF077', 'info', `schemas of ${unread} are not read`, origin);
  }
}

/** The methods of a route that OpenAPI has; the others are named. */
function methodsOf(route: FoundRoute, { interpreter }: SchemaContext): HttpMethod[] {
  return route.methods.flatMap((method) => {
    if (method === 'all') return ALL_METHODS;
    const known = METHODS.filter((one) => one === method);
    if (known.length === 0) {
      const message = `${method.toUpperCase()} ${route.path.template} has no counterpart in OpenAPI: it is left out`;
      interpreter.report('SCF074', 'warning', message, route.site.origin);
    }
    return known;
  });
}

/** Of a handler that a wrapper made, the function that it wraps: the one that is written for requests. */
function handlerMeant(handler: Value | undefined, stages: readonly Stage[]): Value | undefined {
  if (handler?.kind === 'function' && handler.scope.frame.depth === 0) return handler;
  const entered = stages.find(({ isHandler }) => isHandler)?.entered ?? [];
  return entered.find(({ node, scope }) => {
    const [first] = formalParameters(node);
    return (
      scope.frame.depth === 0 &&
      first?.type === 'Identifier' &&
      /^_?(?:req|request|ctx|context|c)$/i.test(first.name)
    );
  });
}

/** What a function is called where it is declared. */
function nameOfHandler(handler: Value | undefined): { readonly handlerName?: string } {
  if (handler?.kind !== 'function' || handler.node.type === 'ArrowFunctionExpression') return {};
  return handler.node.id ? { handlerName: handler.node.id.name } : {};
}

type Said = Pick<FoundOperation, 'tags' | 'summary' | 'description' | 'deprecated' | 'operationId'>;

/** What Fastify's schema says in words, else what a comment says. */
function said(
  schema: Extract<Value, { kind: 'object' }> | undefined,
  { summary, description, deprecated }: ReturnType<typeof documentationOf>,
): Said {
  const text = (name: string): string | undefined => textOf(schema?.properties.get(name));
  const tags = schema?.properties.get('tags');
  const [id, title, words] = [
    text('operationId'),
    text('summary') ?? summary,
    text('description') ?? description,
  ];
  const isDeprecated = schema?.properties.get('deprecated');
  return {
    tags: tags?.kind === 'list' ? tags.items.map(textOf).filter((tag) => tag !== undefined) : [],
    deprecated: deprecated || (isDeprecated !== undefined && isTrue(isDeprecated) === true),
    ...(id === undefined ? {} : { operationId: id }),
    ...(title === undefined ? {} : { summary: title }),
    ...(words === undefined ? {} : { description: words }),
  };
}

/** What is declared counts; what was seen besides is added. */
function merged(given: readonly FoundResponse[], seen: readonly FoundResponse[]): FoundResponse[] {
  const declared = given.map((one) => withSeenType(one, seen));
  const isDeclared = ({ status }: FoundResponse): boolean =>
    declared.some((one) => one.status === status || one.status === `${status[0]}XX`);
  return [...declared, ...seen.filter((response) => !isDeclared(response))];
}

/** A text that is declared without its media type is sent as what the handler says. */
function withSeenType(declared: FoundResponse, seen: readonly FoundResponse[]): FoundResponse {
  const schema = declared.content.get('text/plain');
  const types = [...(seen.find(({ status }) => status === declared.status)?.content.keys() ?? [])];
  const [type] = types;
  if (schema === undefined || type === undefined || types.length > 1 || type === 'application/json')
    return declared;
  return { ...declared, content: new Map([[type, /^text\//.test(type) ? schema : {}]]) };
}

/** The answers of packages: 401 where credentials are asked for, 429 where requests are limited. */
function withUsual(
  responses: readonly FoundResponse[],
  asked: readonly Asked[],
  route: FoundRoute,
): FoundResponse[] {
  const found = [...responses];
  const add = (status: string): void => {
    const is = (one: FoundResponse): boolean => one.status === status || one.status === `${status[0]}XX`;
    if (!found.some(is)) found.push({ status, description: describeStatus(status), content: new Map() });
  };
  const refuses = responses.some(({ status }) => status === '401' || status === '403');
  if (asked.some(({ optional, packaged }) => packaged && !optional)) add('401');
  for (const handler of route.handlers) {
    for (const status of passportAnswers(handler)) if (status !== '401' || !refuses) add(status);
  }
  if (limiterOf(route) !== undefined) add('429');
  return found.sort((left, right) => (left.status < right.status ? -1 : 1));
}

/** What a function asks that may not be there, as only the run decides. */
const inBranches = (
  asked: readonly Asked[],
  handler: Value | undefined,
  { perhaps }: FoundRoute,
): readonly Asked[] =>
  handler !== undefined && perhaps.has(handler) ? asked.map((one) => ({ ...one, optional: true })) : asked;

/** What one function says of the Authorization header holds where another reads it without a word. */
function ofOneHeader(alternatives: readonly (readonly Asked[])[]): readonly (readonly Asked[])[] {
  const said = alternatives.flat().find(({ definition }) => definition['type'] === 'http');
  if (said === undefined) return alternatives;
  return alternatives.map((asked) =>
    asked.map((one) => (one.scheme === 'authorization' ? { ...said, optional: one.optional } : one)),
  );
}

/** Every stage must be satisfied, in one of its ways. */
function requirementsOf(alternatives: readonly (readonly Asked[])[]): JsonObject[] | undefined {
  if (alternatives.length === 0) return undefined;
  let combined: JsonObject[] = [{}];
  for (const asked of alternatives) {
    const ways: JsonObject[] = asked.map(({ scheme }) => ({ [scheme]: [] }));
    if (asked.every(({ optional }) => optional)) ways.push({});
    combined = combined.flatMap((before) => ways.map((way) => ({ ...before, ...way }))).slice(0, 16);
  }
  return combined.filter((one, at) => combined.findIndex((other) => sameKeys(one, other)) === at);
}

const sameKeys = (left: JsonObject, right: JsonObject): boolean =>
  Object.keys(left).sort().join() === Object.keys(right).sort().join();
