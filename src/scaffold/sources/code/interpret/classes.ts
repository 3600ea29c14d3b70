import type { Class, ClassElement, PropertyKey } from 'oxc-parser';
import { Scope } from '../scope.ts';
import type { ClassValue, FunctionValue, ObjectValue, Value } from '../value.ts';
import { UNKNOWN } from '../value.ts';
import { typed } from './bind.ts';
import { type Call, callFunction } from './calls.ts';
import { evaluate } from './evaluate.ts';
import { functionOf, hoist } from './hoist.ts';
import { withHiddenMembers } from './platform-errors.ts';
import { execute } from './statements.ts';

/** A class as a value; its static members are worked out now. */
export function makeClass(node: Class, scope: Scope): ClassValue {
  const parent = node.superClass === null ? undefined : evaluate(node.superClass, scope);
  const value: ClassValue = {
    kind: 'class',
    node,
    scope,
    origin: { file: scope.frame.file, node },
    ...(parent === undefined ? {} : { parent }),
    statics: new Map(),
  };
  if (node.id !== null && !scope.bindings.has(node.id.name)) scope.set(node.id.name, value);
  const inside = new Scope({ ...scope.frame, self: value, parent }, scope);
  if (node.id !== null) inside.set(node.id.name, value);
  for (const element of node.body.body) defineStatic(element, value, inside);
  return value;
}

function defineStatic(element: ClassElement, owner: ClassValue, scope: Scope): void {
  if (element.type === 'StaticBlock') {
    const block = new Scope(scope.frame, scope);
    hoist(element.body, block);
    for (const statement of element.body) execute(statement, block);
  } else if (element.type === 'MethodDefinition' && element.static) {
    const name = keyOf(element, scope);
    if (name !== undefined) owner.statics.set(name, methodOf(element, scope, owner));
  } else if (element.type === 'PropertyDefinition' && element.static) {
    const name = keyOf(element, scope);
    if (name === undefined) return;
    owner.statics.set(name, element.value === null ? UNKNOWN : evaluate(element.value, scope));
  }
}

function methodOf(
  element: Extract<ClassElement, { type: 'MethodDefinition' | 'TSAbstractMethodDefinition' }>,
  scope: Scope,
  self: Value,
): FunctionValue {
  const method = functionOf(element.value, scope, self);
  return element.kind === 'get' ? { ...method, getter: true } : method;
}

export function keyOf(
  { key, computed }: { readonly key: PropertyKey; readonly computed: boolean },
  scope: Scope,
): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (!computed && key.type === 'Identifier') return key.name;
  return keyOfValue(evaluate(key, scope));
}

/** The name of a property that a value says: a text, or a symbol, which has the name of its place. */
export function keyOfValue(value: Value): string | undefined {
  if (value.kind === 'constant') return String(value.value);
  if (value.kind !== 'call' || value.callee.kind !== 'external' || value.callee.package !== '')
    return undefined;
  const [text] = value.args;
  const name = value.callee.path.join('.');
  // As names of private members do, they begin with what is no part of JSON.
  if (name === 'Symbol') return `#Symbol ${value.origin.file.path} ${value.origin.node.start}`;
  return name === 'Symbol.for' && text?.kind === 'constant' ? `#Symbol.for ${String(text.value)}` : undefined;
}

/** What `new` gives for a class of the sources. */
export function construct(owner: ClassValue, call: Call): Value {
  const instance: ObjectValue = {
    kind: 'object',
    properties: new Map(),
    open: false,
    class: owner,
    origin: call.site.origin,
  };
  call.site.scope.frame.interpreter.madeHere(instance);
  initialise(owner, instance, call);
  return instance;
}

/** Of files that import each other in a circle, a class may be made before its parent is: it is looked up again. */
function parentOf({ node, scope, parent }: ClassValue): Value | undefined {
  if (node.superClass === null || parent?.kind === 'class') return parent;
  const isNamed = node.superClass.type === 'Identifier' || node.superClass.type === 'MemberExpression';
  return isNamed ? evaluate(node.superClass, scope) : parent;
}

/** Runs fields and constructor, those of parents first. */
export function initialise(owner: ClassValue, instance: ObjectValue, call: Call): void {
  const { node, scope } = owner;
  const parent = parentOf(owner);
  const inside = new Scope({ ...scope.frame, self: instance, parent }, scope);
  const elements = node.body.body;
  const constructing = elements.find(
    (element) => element.type === 'MethodDefinition' && element.kind === 'constructor',
  );
  const callsSuper = constructing !== undefined && parent !== undefined;
  if (!callsSuper && parent !== undefined) initialiseParent(parent, instance, call);
  for (const element of elements) {
    if (element.type !== 'PropertyDefinition' || element.static) continue;
    const name = keyOf(element, inside);
    if (name === undefined) continue;
    const annotation = element.typeAnnotation?.typeAnnotation;
    const empty: Value = annotation
      ? { kind: 'unknown', type: { node: annotation, scope: inside } }
      : UNKNOWN;
    instance.properties.set(
      name,
      element.value === null ? empty : typed(evaluate(element.value, inside), annotation, inside),
    );
  }
  if (constructing?.type === 'MethodDefinition') {
    callFunction(functionOf(constructing.value, inside, instance), call);
  }
}

/** What a class that is not in the sources gives its instances is not known, but for what is passed to an Error. */
export function initialiseParent(parent: Value, instance: ObjectValue, call: Call): void {
  if (parent.kind === 'class') initialise(parent, instance, call);
  else if (parent.kind === 'external' && parent.package === '') {
    const [message] = call.args;
    if (message === undefined) return;
    instance.properties.set('message', message);
    withHiddenMembers(instance);
  } else instance.open = true;
}

/** A member that instances have from their class. */
export function inheritedMember(owner: ClassValue, name: string, self: Value): Value | undefined {
  for (const element of owner.node.body.body) {
    if (element.type !== 'MethodDefinition' || element.static || element.kind === 'set') continue;
    const inside = new Scope({ ...owner.scope.frame, self, parent: parentOf(owner) }, owner.scope);
    if (element.kind !== 'constructor' && keyOf(element, inside) === name)
      return methodOf(element, inside, self);
  }
  const parent = parentOf(owner);
  return parent?.kind === 'class' && parent !== owner ? inheritedMember(parent, name, self) : undefined;
}
