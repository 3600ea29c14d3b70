import type { AssignmentExpression, AssignmentTarget } from 'oxc-parser';
import type { Scope } from '../scope.ts';
import { settled } from '../scope.ts';
import { type CallSite, choice, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { keyOf } from './classes.ts';
import { evaluate } from './evaluate.ts';
import { memberOf } from './members.ts';
import { binary } from './operators.ts';

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
    const object = evaluate(target.object, scope);
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

/** Sets a property. What is not known to be an object of the sources is left alone. */
export function setMember(object: Value, name: string | undefined, value: Value, site: CallSite): void {
  if (object.kind === 'choice') for (const option of object.options) setMember(option, name, value, site);
  else if (object.kind === 'host' || object.kind === 'input') {
    if (name !== undefined) object.host.assign?.(name, value, site);
  } else if (object.kind === 'object') {
    if (name === undefined) object.open = true;
    else object.properties.set(name, value);
  } else if (object.kind === 'function' && name !== undefined) object.properties.set(name, value);
  else if (object.kind === 'class' && name !== undefined) object.statics.set(name, value);
  else if (object.kind === 'list') object.open = true;
}
