import type { BindingPattern, ParamPattern, TSType } from 'oxc-parser';
import type { Scope } from '../scope.ts';
import { UTILITIES } from '../types/utilities.ts';
import { choice, type TypeReference, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { keyOf } from './classes.ts';
import { evaluate } from './evaluate.ts';
import type { Interpreter } from './interpreter.ts';
import { memberOf } from './members.ts';
import { withSetMembersOf } from './set-members.ts';

type Pattern = Exclude<ParamPattern, { type: 'TSParameterProperty' | 'RestElement' }> | BindingPattern;

/** Gives a parameter its value. */
export function bindParameter(parameter: ParamPattern | BindingPattern, value: Value, scope: Scope): void {
  if (parameter.type === 'TSParameterProperty') {
    const { parameter: inner } = parameter;
    bindParameter(inner, value, scope);
    const name = inner.type === 'AssignmentPattern' ? inner.left : inner;
    const { self } = scope.frame;
    // `constructor(private readonly users: Users)` is a field as well.
    if (name.type === 'Identifier' && self?.kind === 'object') {
      self.properties.set(name.name, scope.find(name.name)?.value ?? UNKNOWN);
    }
  } else if (parameter.type !== 'RestElement') bindPattern(parameter, value, scope);
}

/** Takes a value apart as a pattern says. */
export function bindPattern(pattern: Pattern, given: Value, scope: Scope): void {
  if (pattern.type === 'AssignmentPattern') {
    bindPattern(
      pattern.left,
      withDefault(given, () => evaluate(pattern.right, scope)),
      scope,
    );
    return;
  }
  const value = typed(given, pattern.typeAnnotation?.typeAnnotation, scope);
  if (pattern.type === 'Identifier') scope.bindings.set(pattern.name, { value });
  else if (pattern.type === 'ObjectPattern') bindObject(pattern, value, scope);
  else {
    for (const [at, element] of pattern.elements.entries()) {
      if (element === null) continue;
      if (element.type !== 'RestElement') bindPattern(element, itemOf(value, at), scope);
      else bindPattern(element.argument, UNKNOWN, scope);
    }
  }
}

function bindObject(pattern: Extract<Pattern, { type: 'ObjectPattern' }>, value: Value, scope: Scope): void {
  const taken = new Set<string>();
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      bindPattern(property.argument, restOf(value, taken), scope);
      continue;
    }
    const name = keyOf(property, scope);
    if (name !== undefined) taken.add(name);
    const site = { origin: { file: scope.frame.file, node: property }, scope, construct: false };
    bindPattern(property.value, name === undefined ? UNKNOWN : memberOf(value, name, site), scope);
  }
}

function restOf(value: Value, taken: ReadonlySet<string>): Value {
  if (value.kind === 'input') return value;
  if (value.kind !== 'object') return UNKNOWN;
  const left = [...value.properties].filter(([name]) => !taken.has(name));
  const { open, spread = [] } = value;
  return { kind: 'object', properties: new Map(left), open, spread };
}

const itemOf = (value: Value, at: number): Value => {
  if (value.kind === 'list') return value.items[at] ?? (value.open ? UNKNOWN : UNDEFINED);
  return UNKNOWN;
};

function withDefault(value: Value, fallback: () => Value): Value {
  if (value.kind === 'constant') return value.value === undefined ? fallback() : value;
  if (value.kind === 'choice') return choice(value.options.map((option) => withDefault(option, fallback)));
  return value.kind === 'unknown' ? choice([value, fallback()]) : value;
}

/** What the source says a value's type is counts where we know nothing better, and is told to who watches. */
export function typed(value: Value, annotation: TSType | null | undefined, scope: Scope): Value {
  if (!annotation) return value;
  const type = { node: annotation, scope };
  const { interpreter } = scope.frame;
  if (value.kind === 'function') interpreter.annotations.set(value.node, type);
  interpreter.watcher?.typed(value, type);
  return withType(value, type, interpreter);
}

/** What a type says more of: literals, parts of requests, and what packages give. */
const SAID: ReadonlySet<Value['kind']> = new Set(['object', 'list', 'input', 'call', 'member']);

/** A value with what its declared type says besides. */
export function withType(value: Value, type: TypeReference, interpreter: Interpreter): Value {
  if (isOpaque(type))
    return value.kind === 'unknown' && value.type === undefined
      ? withSetMembersOf(value, interpreter.madeHere({ kind: 'unknown', type }))
      : value;
  if (value.kind === 'unknown')
    return withSetMembersOf(value, interpreter.madeHere({ kind: 'unknown', type }));
  if (value.kind === 'choice') {
    const isStructure = value.options.some(({ kind }) => kind === 'list');
    if (isStructure) return { kind: 'unknown', type };
    return choice(value.options.map((option) => withType(option, type, interpreter)));
  }
  const isSaid = SAID.has(value.kind);
  if (isSaid && !interpreter.said.has(value)) interpreter.said.set(value, type);
  return value;
}

/** A type that says less than what is known: a parameter of a generic function, or one that is not in the sources. */
function isOpaque({ node, scope }: TypeReference): boolean {
  if (node.type === 'TSAnyKeyword' || node.type === 'TSUnknownKeyword' || node.type === 'TSObjectKeyword')
    return true;
  if (node.type !== 'TSTypeReference' || node.typeName.type !== 'Identifier' || node.typeArguments)
    return false;
  const { name } = node.typeName;
  return scope.findType(name) === undefined && !Object.hasOwn(UTILITIES, name);
}
