import { dirname } from 'node:path';
import type { Expression, PrivateIdentifier } from 'oxc-parser';
import type { NodeOf } from '../nodes.ts';
import { Scope, settled } from '../scope.ts';
import {
  ANY_MEMBER,
  type CallSite,
  choice,
  constant,
  external,
  type InputValue,
  optionsOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { assign } from './assign.ts';
import { typed } from './bind.ts';
import { argumentsOf, callValue } from './calls.ts';
import { inheritedMember, initialiseParent, keyOf, makeClass } from './classes.ts';
import { COMPILED } from './compiled.ts';
import { functionOf } from './hoist.ts';
import { memberOf } from './members.ts';
import { binary, isTrue, joined, unary } from './operators.ts';
import { isEnumerable } from './platform-errors.ts';
import { rejectionsOf } from './promises.ts';

/** A super call has no value of its own, a private name no expression. */
type Evaluable = Expression | PrivateIdentifier;

type Evaluators = {
  readonly [Type in Evaluable['type']]?: (node: NodeOf<Evaluable, Type>, scope: Scope) => Value;
};

/** What an expression stands for. Never fails: what cannot be told is unknown. */
export function evaluate(node: Evaluable, scope: Scope): Value {
  const { interpreter } = scope.frame;
  if (!interpreter.step()) return UNKNOWN;
  interpreter.nesting += 1;
  // The table has a function for exactly this type of node.
  const evaluator = EVALUATORS[node.type] as ((node: Evaluable, scope: Scope) => Value) | undefined;
  const value = evaluator?.(node, scope) ?? UNKNOWN;
  interpreter.nesting -= 1;
  return value;
}

function siteOf(node: Evaluable, scope: Scope, isNew = false): CallSite {
  const { branches } = scope.frame.interpreter;
  const site = { origin: { file: scope.frame.file, node }, scope, construct: isNew };
  return branches.length === 0 ? site : { ...site, branches };
}

const EVALUATORS: Evaluators = {
  Literal: (node) => {
    if ('regex' in node && node.regex) {
      return { kind: 'pattern', source: node.regex.pattern, flags: node.regex.flags };
    }
    if ('bigint' in node && typeof node.bigint === 'string') return constant(BigInt(node.bigint));
    const { value } = node;
    return typeof value === 'object' && value !== null ? UNKNOWN : constant(value);
  },
  TemplateLiteral: ({ quasis, expressions }, scope) => {
    const parts = expressions.map((expression) => evaluate(expression, scope));
    return joined(parts, (given) => {
      let text = '';
      for (const [at, { value }] of quasis.entries()) {
        text += value.cooked ?? '';
        const part = given[at];
        if (part === undefined) continue;
        // Nobody means the word "undefined": what is not set here is set elsewhere.
        if (part.kind !== 'constant' || part.value === undefined || text.length > MAX_TEXT)
          return { kind: 'unknown', type: STRING(scope) };
        text += String(part.value);
      }
      return constant(text);
    });
  },
  TaggedTemplateExpression: ({ quasi }, scope) => {
    for (const expression of quasi.expressions) evaluate(expression, scope);
    return UNKNOWN;
  },
  Identifier: ({ name }, scope) => lookUp(name, scope),
  // Of a file of its own, `this` is nothing.
  ThisExpression: (_node, { frame }) => frame.self ?? (frame.depth === 0 ? UNDEFINED : UNKNOWN),
  Super: (_node, scope) => scope.frame.parent ?? UNKNOWN,
  ArrayExpression: ({ elements }, scope) => {
    const items: Value[] = [];
    let open = false;
    for (const element of elements) {
      if (element === null) items.push(UNDEFINED);
      else if (element.type !== 'SpreadElement') items.push(evaluate(element, scope));
      else {
        const spread = evaluate(element.argument, scope);
        if (spread.kind === 'list') items.push(...spread.items);
        if (spread.kind !== 'list' || spread.open) open = true;
      }
      if (items.length > MAX_ITEMS) return { kind: 'list', items: [], open: true };
    }
    return scope.frame.interpreter.made({ kind: 'list', items, open });
  },
  ObjectExpression: (node, scope) => objectOf(node, scope),
  FunctionExpression: (node, scope) => functionOf(node, scope, scope.frame.self),
  ArrowFunctionExpression: (node, scope) => functionOf(node, scope),
  ClassExpression: (node, scope) => makeClass(node, new Scope(scope.frame, scope)),
  CallExpression: (node, scope) => {
    const { callee } = node;
    if (callee.type === 'Super') {
      const { self, parent } = scope.frame;
      const call = { args: argumentsOf(node.arguments, scope), site: siteOf(node, scope) };
      if (self?.kind === 'object' && parent !== undefined) initialiseParent(parent, self, call);
      return UNKNOWN;
    }
    const types = node.typeArguments?.params;
    const site = { ...siteOf(node, scope), ...(types === undefined ? {} : { types }) };
    if (callee.type !== 'MemberExpression') {
      const value = evaluate(callee, scope);
      return callValue(value, { args: argumentsOf(node.arguments, scope), site });
    }
    const self = evaluate(callee.object, scope);
    const name = memberName(callee, scope);
    const isHost = self.kind === 'host' || self.kind === 'choice';
    const asked = name ?? (isHost ? ANY_MEMBER : undefined);
    const member =
      inherited(callee, name, scope) ??
      (asked === undefined ? UNKNOWN : memberOf(self, asked, { ...site, called: true }));
    // Of a member that nothing is known of, what it is taken from may be told.
    const named =
      member.kind === 'unknown' && name !== undefined
        ? ({ kind: 'member', of: self, name } as const)
        : member;
    return callValue(named, { args: argumentsOf(node.arguments, scope), site }, self);
  },
  NewExpression: (node, scope) => {
    const callee = evaluate(node.callee, scope);
    return callValue(callee, { args: argumentsOf(node.arguments, scope), site: siteOf(node, scope, true) });
  },
  MemberExpression: (node, scope) => {
    const object = evaluate(node.object, scope);
    const name = memberName(node, scope);
    const own = inherited(node, name, scope);
    if (own !== undefined) return own;
    return name === undefined ? UNKNOWN : memberOf(object, name, siteOf(node, scope));
  },
  ChainExpression: ({ expression }, scope) => evaluate(expression, scope),
  ParenthesizedExpression: ({ expression }, scope) => evaluate(expression, scope),
  AwaitExpression: (node, scope) => {
    const value = evaluate(node.argument, scope);
    const { watcher } = scope.frame.interpreter;
    for (const error of rejectionsOf(value)) watcher?.thrown(error, { file: scope.frame.file, node });
    return value;
  },
  YieldExpression: ({ argument }, scope) => (argument === null ? UNKNOWN : evaluate(argument, scope)),
  SequenceExpression: ({ expressions }, scope) =>
    expressions.map((expression) => evaluate(expression, scope)).at(-1) ?? UNKNOWN,
  ConditionalExpression: ({ test, consequent, alternate }, scope) => {
    const truth = isTrue(evaluate(test, scope));
    if (truth !== undefined) return evaluate(truth ? consequent : alternate, scope);
    return choice(eitherWay([() => evaluate(consequent, scope), () => evaluate(alternate, scope)], scope));
  },
  LogicalExpression: ({ operator, left, right }, scope) => {
    const first = evaluate(left, scope);
    const truth = operator === '??' ? isGiven(first) : isTrue(first);
    if (truth !== undefined) return truth === (operator !== '&&') ? first : evaluate(right, scope);
    const [second = UNKNOWN] = eitherWay([() => evaluate(right, scope)], scope);
    return operator === '&&' ? second : choice([first, second]);
  },
  BinaryExpression: ({ operator, left, right }, scope) =>
    left.type === 'PrivateIdentifier'
      ? UNKNOWN
      : binary(operator, evaluate(left, scope), evaluate(right, scope), scope),
  UnaryExpression: ({ operator, argument }, scope) => unary(operator, evaluate(argument, scope), scope),
  AssignmentExpression: (node, scope) => assign(node, scope, siteOf(node, scope)),
  ImportExpression: ({ source }, scope) => importOf(evaluate(source, scope), scope),
  MetaProperty: (_node, { frame: { file } }) => ({
    kind: 'object',
    properties: new Map([
      ['url', constant(`file://${file.path}`)],
      ['filename', constant(file.path)],
      ['dirname', constant(dirname(file.path))],
    ]),
    open: true,
  }),
  TSAsExpression: ({ expression, typeAnnotation }, scope) => {
    const value = evaluate(expression, scope);
    const isConst =
      typeAnnotation.type === 'TSTypeReference' &&
      'name' in typeAnnotation.typeName &&
      typeAnnotation.typeName.name === 'const';
    return isConst ? value : typed(value, typeAnnotation, scope);
  },
  TSTypeAssertion: ({ expression, typeAnnotation }, scope) =>
    typed(evaluate(expression, scope), typeAnnotation, scope),
  TSSatisfiesExpression: ({ expression }, scope) => evaluate(expression, scope),
  TSNonNullExpression: ({ expression }, scope) => evaluate(expression, scope),
  TSInstantiationExpression: ({ expression }, scope) => evaluate(expression, scope),
};

const MAX_TEXT = 100_000;
const MAX_ITEMS = 20_000;

/** A type that stands nowhere in the sources. */
export const STRING = (scope: Scope) =>
  ({ node: { type: 'TSStringKeyword', start: 0, end: 0 }, scope }) as const;

/** Ways of which one is gone: each from where we stand now. */
function eitherWay(options: readonly (() => Value)[], scope: Scope): Value[] {
  const { interpreter } = scope.frame;
  const { watcher } = interpreter;
  const before = watcher?.save();
  const after: unknown[] = options.length === 1 && before !== undefined ? [before] : [];
  const values = interpreter.alternatives(options).map((option) => {
    watcher?.restore(before);
    const value = interpreter.branched(option);
    after.push(watcher?.save());
    return value;
  });
  watcher?.join(after);
  return values;
}

function isGiven(value: Value): boolean | undefined {
  if (value.kind === 'constant') return value.value !== undefined && value.value !== null;
  return ['unknown', 'choice', 'input', 'external', 'member', 'call'].includes(value.kind) ? undefined : true;
}

/** What names stand for that no source declares: modules of CommonJS, and the platform's own. */
function lookUp(name: string, scope: Scope): Value {
  // Every file that TypeScript has compiled holds its own copy.
  if (Object.hasOwn(COMPILED, name)) return external('tslib', name);
  const binding = scope.find(name);
  if (binding === undefined) return scope.frame.interpreter.project.ambient(name, scope.frame.file);
  const value = settled(binding);
  if (value !== undefined && value.kind !== 'unknown') return value;
  if (binding.type !== undefined && (value?.kind !== 'unknown' || value.type === undefined)) {
    return { kind: 'unknown', type: binding.type };
  }
  return value ?? UNKNOWN;
}

/** `super.method()` is the parent's, done to this instance. */
function inherited(
  { object }: NodeOf<Expression, 'MemberExpression'>,
  name: string | undefined,
  { frame: { self, parent } }: Scope,
): Value | undefined {
  if (object.type !== 'Super' || name === undefined || self?.kind !== 'object') return undefined;
  return parent?.kind === 'class' ? inheritedMember(parent, name, self) : undefined;
}

function memberName(
  node: Extract<Expression, { readonly type: 'MemberExpression' }>,
  scope: Scope,
): string | undefined {
  return keyOf({ key: node.property, computed: node.computed }, scope);
}

function objectOf(
  { properties, start, end }: Extract<Expression, { type: 'ObjectExpression' }>,
  scope: Scope,
): Value {
  const found = new Map<string, Value>();
  const inputs: InputValue[] = [];
  const self: Value = {
    kind: 'object',
    properties: found,
    open: false,
    spread: inputs,
    origin: { file: scope.frame.file, node: { start, end } },
  };
  scope.frame.interpreter.madeHere(self);
  for (const property of properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluate(property.argument, scope);
      for (const [name, value] of spreadProperties(spread)) found.set(name, value);
      for (const one of optionsOf(spread)) {
        if (one.kind !== 'object' || one.open) self.open = true;
        if (one.kind === 'input') inputs.push(one);
        if (one.kind === 'object') inputs.push(...(one.spread ?? []));
      }
      continue;
    }
    const name = keyOf(property, scope);
    if (name === undefined) self.open = true;
    else if (property.kind === 'set') continue;
    else if (property.value.type === 'FunctionExpression' && (property.method || property.kind === 'get')) {
      const method = functionOf(property.value, scope, self);
      found.set(name, property.kind === 'get' ? { ...method, getter: true } : method);
    } else found.set(name, evaluate(property.value, scope));
  }
  return self;
}

/** What a spread gives. What only one of several objects has may be there or not. */
function spreadProperties(spread: Value): Map<string, Value> {
  const found = new Map<string, Value>();
  const options = optionsOf(spread);
  const objects = options.filter((option) => option.kind === 'object');
  for (const object of objects)
    for (const [name, value] of object.properties) {
      if (!isEnumerable(object, name)) continue;
      const before = found.get(name);
      found.set(name, before === undefined ? value : choice([before, value]));
    }
  for (const [name, value] of found) {
    const isEverywhere = options.every((option) => option.kind === 'object' && option.properties.has(name));
    if (!isEverywhere) found.set(name, choice([value, UNDEFINED]));
  }
  return found;
}

/** `import('./x')` and `require('./x')`. */
export function importOf(specifier: Value, scope: Scope): Value {
  const { project } = scope.frame.interpreter;
  if (specifier.kind === 'choice') return choice(specifier.options.map((option) => importOf(option, scope)));
  return specifier.kind === 'constant' && typeof specifier.value === 'string'
    ? project.importNamed(specifier.value, scope.frame.file)
    : UNKNOWN;
}
