import { callFunction, rootOf } from '../interpret/calls.ts';
import type { Interpreter } from '../interpret/interpreter.ts';
import { setMembersOf } from '../interpret/set-members.ts';
import type { FoundRoute } from '../routes.ts';
import type { CallValue, FunctionValue } from '../value.ts';
import { type CallSite, native, UNKNOWN, type Value } from '../value.ts';
import { errorObject, statusOfError } from './errors.ts';
import { type ExpressArguments, expressArguments } from './express.ts';
import { type FastifyArguments, fastifyArguments, fastifyReturned } from './fastify.ts';
import { validationError } from './fastify-validation.ts';
import { koaAnswer, koaArguments } from './koa.ts';
import { answeredByCelebrate, packageError } from './package-errors.ts';
import { type Standing, Trace } from './trace.ts';

/** What one function in front of a handler, or the handler itself, did. */
export interface Stage {
  readonly handler: Value;
  readonly isHandler: boolean;
  readonly reads: Trace['reads'];
  readonly kept: Trace['kept'];
  readonly answers: Trace['answers'];
  /** The statuses that it set, whether it answered with them or left that to the framework. */
  readonly statuses: Trace['statuses'];
  readonly thrown: Trace['thrownValues'];
  readonly entered: readonly FunctionValue[];
  readonly calls: Trace['calls'];
  /** Whether it leaves the request, on some way, without an answer. */
  readonly isOpen: boolean;
  /** Whether nothing was answered, nor set for Koa to answer with, on any way through it. */
  readonly isUntouched: boolean;
}

/** Follows everything that a request of a route meets, in order, and then what answers for errors. */
export function followRoute(route: FoundRoute, trace: Trace, interpreter: Interpreter): Stage[] {
  return interpreter.within(route.site.origin, 'a route', () => {
    interpreter.watcher = trace;
    const stages = FOLLOWERS[route.router.framework](route, trace);
    interpreter.watcher = undefined;
    return stages;
  });
}

type Follower = (route: FoundRoute, trace: Trace) => Stage[];

const FOLLOWERS: Readonly<Record<FoundRoute['router']['framework'], Follower>> = {
  express: followExpress,
  fastify: followFastify,
  koa: followKoa,
};

type Marks = readonly [
  reads: number,
  answers: number,
  raised: number,
  entered: number,
  calls: number,
  statuses: number,
  kept: number,
];

const marksOf = ({ reads, answers, raised, entered_, calls, statuses, kept }: Trace): Marks => [
  reads.length,
  answers.length,
  raised.length,
  entered_.length,
  calls.length,
  statuses.length,
  kept.length,
];

/** Follows a stage. What the stages behind it do, which Koa follows within, is theirs: `inner` is told of it. */
function staged(
  handler: Value,
  isHandler: boolean,
  trace: Trace,
  work: (inner: (behind: () => void) => void) => void,
): Stage {
  const before = marksOf(trace);
  let [from, to]: readonly [Marks, Marks] = [before, before];
  trace.staged(() =>
    work((behind) => {
      from = marksOf(trace);
      behind();
      to = marksOf(trace);
    }),
  );
  const own = <T>(all: readonly T[], at: 0 | 1 | 2 | 3 | 4 | 5 | 6): T[] => [
    ...all.slice(before[at], from[at]),
    ...all.slice(to[at]),
  ];
  return {
    handler,
    isHandler,
    reads: own(trace.reads, 0),
    answers: own(trace.answers, 1),
    thrown: own(trace.raised, 2),
    entered: own(trace.entered_, 3),
    calls: own(trace.calls, 4),
    isOpen: trace.standing.some(isUnanswered),
    isUntouched: trace.standing.every(isUnanswered),
    statuses: own(trace.statuses, 5),
    kept: own(trace.kept, 6),
  };
}

/** What Koa sends in the end was only set. */
const isUnanswered = ({ sent, status, body }: Standing): boolean =>
  sent !== true && status === undefined && body === undefined;

/** Middleware first, the handlers of the route then; the last of them is the handler. */
function inOrder(route: FoundRoute): { readonly handler: Value; readonly isHandler: boolean }[] {
  const handlers = route.handlers.map((handler, at) => ({
    handler,
    isHandler: at === route.handlers.length - 1,
  }));
  return [...route.before.map((handler) => ({ handler, isHandler: false })), ...handlers];
}

function run(handler: Value, args: readonly Value[], site: CallSite): Value {
  if (handler.kind === 'function') return callFunction(handler, { args, site });
  if (handler.kind === 'choice') {
    for (const option of handler.options) run(option, args, site);
    return UNKNOWN;
  }
  if (handler.kind === 'host') return handler.host.call?.(args, site) ?? UNKNOWN;
  const error = handler.kind === 'call' || handler.kind === 'object' ? packageError(handler) : undefined;
  if (error !== undefined) {
    const trace = site.scope.frame.interpreter.watcher;
    const origin = handler.kind === 'call' ? handler.origin : site.origin;
    if (trace instanceof Trace) refuse(trace, error, origin, args);
  }
  // `fastify.auth([a, b])` of @fastify/auth calls what it is given.
  if (handler.kind === 'call' && packageOf(handler) === 'fastify.*.auth') {
    const [list] = handler.args;
    for (const one of list?.kind === 'list' ? list.items : []) run(one, args, site);
  }
  // A package's wrapper around functions of the sources calls them as a handler.
  if (handler.kind === 'call' && WRAPPERS.test(packageOf(handler))) {
    for (const argument of handler.args) if (argument.kind === 'function') run(argument, args, site);
  }
  return UNKNOWN;
}

/** What Koa throws, Express hands on. */
function refuse(
  trace: Trace,
  error: Value,
  origin: Stage['reads'][number]['origin'],
  args: readonly Value[],
): void {
  const [first] = args;
  const before = trace.save();
  if (first?.kind === 'host' && first.host.name === 'koa.context') trace.thrown(error, origin);
  else trace.passedOn(error, origin);
  trace.restore(before);
}

const WRAPPERS = /async|wrap|catch|safe/i;

function packageOf({ callee }: Extract<Value, { kind: 'call' }>): string {
  return callee.kind === 'external'
    ? `${callee.package}.${callee.path.join('.')}`
    : callee.kind === 'member'
      ? callee.name
      : '';
}

function followExpress(route: FoundRoute, trace: Trace): Stage[] {
  const given = expressArguments(trace, route);
  const { request, response, next } = given;
  const stages: Stage[] = [];
  for (const { handler, isHandler } of inOrder(route)) {
    const stage = staged(handler, isHandler, trace, () => {
      trace.standing = [{}];
      trace.handedOn = false;
      // Middleware of a parameter is told its value.
      run(handler, [request, response, next, UNKNOWN], route.site);
    });
    stages.push(stage);
    if (route.isPart && !trace.handedOn && endsHere(stage)) break;
  }
  answerErrors(route, trace, given);
  return stages;
}

/** Whether middleware answers the method that is asked for, and leaves nothing to what stands behind it. */
const endsHere = ({ handler, answers, calls }: Stage): boolean =>
  handler.kind === 'function' && answers.length > 0 && calls.length === 0;

/** Errors go to the first function with four parameters, which may hand them on to the next. */
function answerErrors(route: FoundRoute, trace: Trace, { request, response }: ExpressArguments): void {
  for (const { value, standing, origin } of distinctErrors(trace)) {
    const error = errorObject(value);
    let pending: Value | undefined = error;
    for (const handler of route.errorHandlers) {
      if (pending === undefined) break;
      const celebrated = answeredByCelebrate(handler, pending);
      if (celebrated !== undefined) {
        trace.standing = [{}];
        trace.setStatus(celebrated.status);
        trace.answer(celebrated.body, origin, { mediaType: 'application/json' });
        pending = undefined;
      }
      if (pending === undefined || handler.kind !== 'function') continue;
      let passed: Value | undefined;
      const next = native('next', ([other]) => {
        passed = other ?? error;
        return UNKNOWN;
      });
      trace.standing = standing;
      callFunction(handler, { args: [pending, request, response, next], site: route.site });
      // One that may not be there leaves every error to the next as well.
      pending = passed ?? (route.perhaps.has(handler) ? pending : undefined);
    }
    if (pending === undefined) continue;
    // Express answers with the error's own status, in HTML.
    const status = statusOfError(pending, route.site);
    if (status !== undefined) trace.answers.push({ status, origin, body: UNKNOWN, mediaType: 'text/html' });
  }
}

const MAX_ERRORS = 24;

/** Each kind of error once; what is unknown stands for everything unknown. */
function distinctErrors(trace: Trace): Trace['thrownValues'] {
  const errors = trace.thrownValues
    .splice(0)
    .flatMap((thrown) =>
      thrown.value.kind === 'choice' ? thrown.value.options.map((value) => ({ ...thrown, value })) : [thrown],
    );
  const seen = new Set<string>();
  return errors
    .filter(({ value, standing }) => {
      const statuses = standing.map(({ status }) => status).join();
      const key =
        value.kind === 'unknown' && setMembersOf(value).size === 0 ? `unknown ${statuses}` : undefined;
      if (key !== undefined && seen.has(key)) return false;
      if (key !== undefined) seen.add(key);
      return true;
    })
    .slice(0, MAX_ERRORS);
}

function followFastify(route: FoundRoute, trace: Trace): Stage[] {
  const { interpreter } = route.site.scope.frame;
  const given = fastifyArguments(trace, route);
  const { request, reply, done } = given;
  const hooks = optionHooks(route);
  const own = { ...route, before: [...route.before, ...hooks] };
  const stages = inOrder(own).map(({ handler, isHandler }) =>
    staged(handler, isHandler, trace, () => {
      trace.standing = [{}];
      const calls = trace.calls.length;
      run(handler, [request, reply, done], route.site);
      if (isHandler && handler.kind === 'function') {
        const isOurs = !trace.calls.slice(calls).some((call) => isToldOf(call, reply));
        for (const { value, state } of interpreter.returned) {
          trace.restore(state);
          if (isOurs && handler.node.async && value.kind === 'constant' && value.value === undefined)
            answerNothing(trace, handler.origin);
          fastifyReturned(trace, value, handler.origin);
        }
      }
    }),
  );
  const refused = validationError(route);
  trace.standing = [{}];
  if (refused !== undefined) trace.passedOn(refused, route.site.origin);
  answerFastifyErrors(route, trace, given);
  return stages;
}

/** Whether a call of what is not known may answer itself. */
const isToldOf = ({ args, callee }: CallValue, reply: Value): boolean =>
  args.includes(reply) || rootOf(callee) === reply;

/** An async handler that ends without a value, and has sent nothing, answers with no body. */
function answerNothing(trace: Trace, origin: Stage['reads'][number]['origin']): void {
  if (trace.standing.every(({ sent }) => sent !== true)) trace.answer(undefined, origin);
}

/** `preHandler` and the like of a single route. */
function optionHooks({ options }: FoundRoute): Value[] {
  if (options?.kind !== 'object') return [];
  return ['onRequest', 'preParsing', 'preValidation', 'preHandler'].flatMap((name) => {
    const hook = options.properties.get(name);
    if (hook === undefined) return [];
    return hook.kind === 'list' ? hook.items : [hook];
  });
}

function answerFastifyErrors(route: FoundRoute, trace: Trace, { request, reply }: FastifyArguments): void {
  const [handler] = route.errorHandlers;
  for (const { value, origin } of distinctErrors(trace)) {
    const error = errorObject(value);
    if (handler?.kind === 'function') {
      trace.standing = [{}];
      const before = trace.answers.length;
      const returned = callFunction(handler, { args: [error, request, reply], site: route.site });
      if (trace.answers.length === before) fastifyReturned(trace, returned, origin);
      // What the error handler sends on is answered as Fastify does.
      trace.thrownValues.splice(0);
      if (trace.answers.length > before) continue;
    }
    const status = statusOfError(error, route.site);
    if (status !== undefined) trace.answers.push({ status, origin, body: FASTIFY_ERROR });
  }
}

const text = (): Value => ({ kind: 'unknown' });

/** What Fastify answers for an error: `{ statusCode, error, message }`, with a code where the error has one. */
export const FASTIFY_ERROR: Value = {
  kind: 'object',
  properties: new Map([
    ['statusCode', text()],
    ['error', text()],
    ['message', text()],
  ]),
  open: true,
};

/** Middleware of Koa stands around what comes behind it: it is followed first, and what it sets is set before. */
function followKoa(route: FoundRoute, trace: Trace): Stage[] {
  const stages: Stage[] = [];
  const steps = inOrder(route);
  const { context } = koaArguments(trace, route);
  const { interpreter } = route.site.scope.frame;
  const stepAt = (at: number): void => {
    const step = steps[at];
    if (step === undefined) return;
    let isNext = false;
    stages[at] = staged(step.handler, step.isHandler, trace, (inner) => {
      const next = native('next', () => {
        if (!isNext) {
          isNext = true;
          inner(() => stepAt(at + 1));
        }
        return UNKNOWN;
      });
      const before: Interpreter['returned'] = [];
      interpreter.returned = before;
      run(step.handler, [context, next], route.site);
      // What ends in an error alone leaves nothing to the middleware that stands around it.
      const { returned } = interpreter;
      if (step.handler.kind === 'function' && returned !== before && returned.length === 0) trace.fail();
    });
    // What is not followed, such as a package's middleware, lets requests through.
    if (!isNext && !step.isHandler) stepAt(at + 1);
  };
  stepAt(0);
  koaAnswer(trace, route.site.origin);
  for (const { value, origin } of distinctErrors(trace)) {
    const status = statusOfError(errorObject(value), route.site);
    if (status !== undefined) trace.answers.push({ status, origin, body: UNKNOWN, mediaType: 'text/plain' });
  }
  return stages;
}
