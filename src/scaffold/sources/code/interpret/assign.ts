import type { AssignmentExpression, AssignmentTarget, Expression } from 'oxc-parser';
import type { Scope } from '../scope.ts';
import { settled } from '../scope.ts';
import { type CallSite, choice, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { keyOf } from './classes.ts';
import { evaluate } from './evaluate.ts';
import { memberOf } from './members.ts';
import { binary } from './operators.ts';
import { platformErrorName } from './platform-errors.ts';
import { keepSetMember, setMembersOf } from './set-members.ts';

export function assign({ left, right, operator }: AssignmentExpression, scope: Scope, site: CallSite): Value {
  const given = evaluate(right, scope);
  if (operator === '=') {
    assignTo(left, given, scope, site);
    return given;
  }
  const before =
    left.type === 'Identifier' || left.type === 'MemberExpression' ? evaluate(left, scope) : UNKNOWN;
  const isLogical = operator === '??=' || operator === '||=' || operator === '&&=';
  const value = isLogical
    ? choice([before, given])
    : before.kind === 'list'
      ? UNKNOWN
      : binary(operator.slice(0, -1), before, given, scope);
  assignTo(left, value, scope, site);
  return value;
}

export function assignTo(target: AssignmentTarget, value: Value, scope: Scope, site: CallSite): void {
  if (target.type === 'Identifier') assignName(target.name, value, scope);
  else if (target.type === 'MemberExpression') {
    const object = evaluate(withoutCast(target.object), scope);
    const name = keyOf({ key: target.property, computed: target.computed }, scope);
    setMember(object, name, value, site);
  } else if (target.type === 'ObjectPattern') {
    for (const property of target.properties) {
      if (property.type === 'RestElement') continue;
      const name = keyOf(property, scope);
      const inner = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
      assignTo(inner, name === undefined ? UNKNOWN : memberOf(value, name, site), scope, site);
    }
  } else if (target.type === 'ArrayPattern') {
    for (const element of target.elements) {
      if (element === null || element.type === 'RestElement') continue;
      assignTo(element.type === 'AssignmentPattern' ? element.left : element, UNKNOWN, scope, site);
    }
  }
}

/** `(error as HttpError).status = 404` sets it on the error. */
function withoutCast(node: Expression): Expression {
  const isCast =
    node.type === 'TSAsExpression' ||
    node.type === 'TSTypeAssertion' ||
    node.type === 'TSNonNullExpression' ||
    node.type === 'ParenthesizedExpression';
  return isCast ? withoutCast(node.expression) : node;
}

function assignName(name: string, value: Value, scope: Scope): void {
  const binding = scope.find(name);
  if (binding === undefined) return;
  const before = settled(binding) ?? UNDEFINED;
  const type =
    binding.type === undefined || value.kind !== 'unknown'
      ? value
      : { kind: 'unknown' as const, type: binding.type };
  binding.value = scope.frame.interpreter.uncertain > 0 ? choice([before, type]) : type;
}

/** Sets a property. What is set in a branch alone is one of what may be there. */
export function setMember(object: Value, name: string | undefined, value: Value, site: CallSite): void {
  const { interpreter } = site.scope.frame;
  if (object.kind === 'choice') for (const option of object.options) setMember(option, name, value, site);
  else if (object.kind === 'host' || object.kind === 'input') {
    if (name !== undefined) object.host.assign?.(name, value, site);
  } else if (object.kind === 'object') {
    if (name === undefined) object.open = true;
    else {
      // What is new is taken to be there: helpers that pick fields ask for each whether it is.
      const before = object.properties.get(name);
      const isCertain = before === undefined || interpreter.isCertainFor(object);
      object.properties.set(name, isCertain ? value : choice([before, value]));
    }
  } else if (object.kind === 'call' || object.kind === 'unknown') {
    if (name === undefined || object === UNKNOWN) return;
    const isNew = object.kind === 'call' && platformErrorName(object) !== undefined;
    const before = setMembersOf(object).get(name) ?? (isNew ? UNDEFINED : UNKNOWN);
    keepSetMember(object, name, interpreter.isCertainFor(object) ? value : choice([before, value]));
  } else if (object.kind === 'function' && name !== undefined) object.properties.set(name, value);
  else if (object.kind === 'class' && name !== undefined) object.statics.set(name, value);
  else if (object.kind === 'list') object.open = true;
}
