import type { Argument, ParamPattern } from 'oxc-parser';
import { formalParameters } from '../nodes.ts';
import { Scope } from '../scope.ts';
import {
  type CallSite,
  type CallValue,
  choice,
  type FunctionValue,
  nameOfCallee,
  optionsOf,
  UNDEFINED,
  UNKNOWN,
  type UnknownValue,
  type Value,
} from '../value.ts';
import { bindParameter, withType } from './bind.ts';
import { builtinCall } from './builtins.ts';
import { construct } from './classes.ts';
import { evaluate } from './evaluate.ts';
import { hoist } from './hoist.ts';
import type { Told, Watcher } from './interpreter.ts';
import { executeAll } from './statements.ts';

export interface Call {
  readonly args: readonly Value[];
  readonly site: CallSite;
  /** Whether there are arguments besides that are not known. */
  readonly open?: boolean;
}

export function argumentsOf(args: readonly Argument[], scope: Scope): Value[] {
  return args.flatMap((argument) => {
    if (argument.type !== 'SpreadElement') return [evaluate(argument, scope)];
    const spread = evaluate(argument.argument, scope);
    return spread.kind === 'list' ? spread.items : [UNKNOWN];
  });
}

/** What a call gives. `self` is what the function was taken from. */
export function callValue(callee: Value, call: Call, self?: Value): Value {
  if (callee.kind === 'choice') return choice(callee.options.map((option) => callValue(option, call, self)));
  if (callee.kind === 'function') return callFunction(callee, call);
  if (callee.kind === 'class') return construct(callee, call);
  if (callee.kind === 'host') {
    const given = callee.host.call?.(call.args, call.site);
    return given ?? UNKNOWN;
  }
  return callOutside(callee, call, self);
}

/** A call of what is not in the sources stays a term, unless somebody knows the package. */
function callOutside(callee: Value, { args, site }: Call, self: Value | undefined): Value {
  const { interpreter } = site.scope.frame;
  const built = builtinCall(callee, { args, site }, self);
  if (built !== undefined) return built;
  const term: CallValue = {
    kind: 'call',
    callee: callee.kind === 'unknown' && self !== undefined ? self : callee,
    args,
    construct: site.construct,
    origin: site.origin,
  };
  const root = rootOf(callee);
  const model = root?.kind === 'external' ? interpreter.packages.get(root.package) : undefined;
  const known = model?.(term, site) ?? interpreter.watcher?.called(term);
  if (known !== undefined) return known;
  followCallbacks(args, site);
  if (!TIMERS.has(nameOfCallee({ callee }))) callNatives(args, site);
  return callee.kind === 'unknown' || callee.kind === 'constant' ? UNKNOWN : interpreter.madeHere(term);
}

/** Functions handed to what we do not know are called by it, as far as anybody can tell. */
export function followCallbacks(args: readonly Value[], site: CallSite): void {
  const { interpreter } = site.scope.frame;
  for (const argument of args.flatMap(optionsOf)) {
    if (argument.kind !== 'function' || interpreter.calls.includes(argument.node)) continue;
    if (interpreter.watcher === undefined) interpreter.calledBack += 1;
    const before = interpreter.watcher?.save();
    const call: Call = { args: [], site: { ...site, construct: false }, open: true };
    interpreter.branched(() => callFunction(argument, call));
    if (before !== undefined) interpreter.watcher?.join([before, interpreter.watcher.save()]);
    if (interpreter.watcher === undefined) interpreter.calledBack -= 1;
  }
}

/** What is called later is told nothing. */
const TIMERS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setImmediate',
  'setInterval',
  'nextTick',
  'queueMicrotask',
]);

/**
 * `find().catch(next)`, `pipeline(file, res, next)`: what we act ourselves and is handed to what we do not know is
 * called by it with what we do not know. With the request beside it, it is middleware that is called.
 */
function callNatives(args: readonly Value[], site: CallSite): void {
  const { interpreter } = site.scope.frame;
  const { watcher } = interpreter;
  if (watcher === undefined || args.some(isRequest)) return;
  for (const argument of args) {
    if (argument.kind !== 'host' || argument.host.member !== undefined) continue;
    const { call } = argument.host;
    const before = watcher.save();
    interpreter.branched(() => call?.([{ kind: 'unknown' }], { ...site, construct: false }));
    watcher.join([before, watcher.save()]);
  }
}

const isRequest = (value: Value): boolean =>
  value.kind === 'host' && /\.(?:request|context)$/.test(value.host.name);

/** The package that a term begins with. */
export function rootOf(value: Value): Value | undefined {
  for (let at: Value = value, left = 500; left > 0; left -= 1) {
    if (at.kind === 'member') at = at.of;
    else if (at.kind === 'call') at = at.callee;
    else return at;
  }
  return undefined;
}

/** Follows a function of the sources and gives what it returns; promises are what they are promises of. */
export function callFunction(callee: FunctionValue, call: Call): Value {
  const { interpreter } = call.site.scope.frame;
  const work = (): Value => follow(callee, call);
  // What a constructor does is done to the instance.
  if (interpreter.watcher === undefined && call.site.construct) return work();
  if (interpreter.watcher === undefined)
    return interpreter.registering(callee.node, toldOf(callee, call), work) ?? declaredBy(callee);
  // What a function closes over that was made on the way may be the request itself.
  const isAway = callee.scope.frame.depth === 0 && ![...call.args, ...(callee.bound ?? [])].some(isNear);
  return (isAway ? interpreter.away(callee.node, work) : work()) ?? declaredBy(callee);
}

function toldOf({ bound = [], self }: FunctionValue, { args }: Call): Told {
  if ([...args, ...bound].some(isNear)) return 'near';
  return args.length === 0 && self === undefined ? 'nothing' : 'something';
}

/** Whether a value leads to the request or its answer, or calls back what does. */
function isNear(value: Value): boolean {
  if (value.kind === 'function') return true;
  const parts =
    value.kind === 'list'
      ? value.items
      : value.kind === 'object'
        ? [...value.properties.values()]
        : optionsOf(value);
  return parts.some(({ kind }) => kind === 'host' || kind === 'input');
}

const declaredBy = ({ node, scope }: FunctionValue): UnknownValue =>
  node.returnType == null
    ? UNKNOWN
    : { kind: 'unknown', type: { node: node.returnType.typeAnnotation, scope } };

function follow(callee: FunctionValue, { args, site, open = false }: Call): Value {
  const { interpreter } = site.scope.frame;
  const { node, scope: closure, bound = [] } = callee;
  const declared = declaredBy(callee);
  if (node.body === null || !interpreter.mayCall(node) || !interpreter.step()) return declared;
  interpreter.calls.push(node);
  interpreter.followed.add(node);
  interpreter.watcher?.entered(callee);
  const { frame: outer } = closure;
  const returns: Value[] = [];
  const parent =
    node.type === 'ArrowFunctionExpression' || callee.self !== undefined ? outer.parent : undefined;
  const ends: unknown[] = [];
  const frame = { ...outer, returns, ends, self: callee.self, parent, depth: site.scope.frame.depth + 1 };
  const scope = new Scope(frame, closure);
  // A function expression knows itself by its name.
  if (node.type === 'FunctionExpression' && node.id !== null) scope.set(node.id.name, callee);
  const given = [...bound, ...args];
  bindParameters(formalParameters(node), given, scope, open ? UNKNOWN : UNDEFINED);
  if (node.body.type === 'BlockStatement') {
    hoist(node.body.body, scope);
    const isThrough = executeAll(node.body.body, scope) === 'normal';
    if (isThrough) returns.push(UNDEFINED);
    if (interpreter.watcher !== undefined) leave(interpreter.watcher, ends, isThrough);
  } else {
    returns.push(evaluate(node.body, scope));
    ends.push(interpreter.watcher?.save());
  }
  interpreter.calls.pop();
  interpreter.returned = returns.map((given, at) => ({ value: given, state: ends[at] }));
  const value = choice(returns);
  return declared.kind === 'unknown' && declared.type !== undefined
    ? withType(value, declared.type, interpreter)
    : value;
}

/** Behind a call the answer stands as any of its returns left it. */
function leave(watcher: Watcher, ends: unknown[], isThrough: boolean): void {
  if (isThrough) ends.push(watcher.save());
  if (ends.length > 0) watcher.join(ends);
}

/** What is not known is a value of its own, which things can be set on. */
const ownOf = (absent: Value, { frame }: Scope): Value =>
  absent === UNKNOWN ? frame.interpreter.madeHere({ kind: 'unknown' }) : absent;

function bindParameters(
  params: readonly ParamPattern[],
  given: readonly Value[],
  scope: Scope,
  absent: Value,
): void {
  scope.set('arguments', { kind: 'list', items: [...given], open: absent === UNKNOWN });
  for (const [at, parameter] of params.entries()) {
    if (parameter.type === 'RestElement') {
      const rest: Value = { kind: 'list', items: given.slice(at), open: absent === UNKNOWN };
      bindParameter(parameter.argument, rest, scope);
    } else bindParameter(parameter, given[at] ?? ownOf(absent, scope), scope);
  }
}
