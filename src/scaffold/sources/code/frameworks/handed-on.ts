import { evaluate } from '../interpret/evaluate.ts';
import { formalParameters } from '../nodes.ts';
import type { FunctionValue, Value } from '../value.ts';

/** More of a function than this is not looked through. */
const MAX_NODES = 20_000;

interface Call {
  readonly type: 'CallExpression';
  readonly callee: Parameters<typeof evaluate>[0];
  readonly arguments: readonly { readonly type: string; readonly name?: string }[];
}

/** The calls in a function, those of functions inside it included. */
function callsIn({ node }: FunctionValue): Call[] {
  const calls: Call[] = [];
  const stack: unknown[] = [node.body];
  for (let left = MAX_NODES; left > 0 && stack.length > 0; left -= 1) {
    const at = stack.pop();
    if (typeof at !== 'object' || at === null) continue;
    if ('type' in at && at.type === 'CallExpression') calls.push(at as Call);
    stack.push(...(Array.isArray(at) ? at : Object.values(at)));
  }
  return calls;
}

const parameterNames = ({ node }: FunctionValue): (string | undefined)[] =>
  formalParameters(node).map((parameter) => (parameter.type === 'Identifier' ? parameter.name : undefined));

/** Whether a function of the sources hands requests on to what comes behind it. */
export function handsOn(value: Value): boolean {
  if (value.kind !== 'function') return false;
  const next = parameterNames(value)[2];
  if (next === undefined) return false;
  return callsIn(value).some(
    ({ callee, arguments: args }) =>
      (callee.type === 'Identifier' && callee.name === next && args.length === 0) ||
      args.some((argument) => argument.type === 'Identifier' && argument.name === next),
  );
}

/** What a function hands its request and answer to: `(req, res, next) => router(req, res, next)`. */
export function handedTo(value: Value): Value[] {
  if (value.kind !== 'function') return [];
  const [request, response] = parameterNames(value);
  if (request === undefined || response === undefined) return [];
  return callsIn(value).flatMap(({ callee, arguments: [first, second] }) => {
    const isHanded = first?.name === request && second?.name === response;
    const isName = callee.type === 'Identifier' || callee.type === 'MemberExpression';
    return isHanded && isName ? [evaluate(callee, value.scope)] : [];
  });
}
