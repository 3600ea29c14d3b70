import type { Class, Directive, Program, Statement } from 'oxc-parser';
import { type Binding, Scope } from '../scope.ts';
import { type FunctionValue, UNKNOWN, type Value } from '../value.ts';
import { makeClass } from './classes.ts';
import { evaluate } from './evaluate.ts';

type Body = readonly (Directive | Statement | Program['body'][number])[];

/** Makes the names of a block known before any of it is followed, as JavaScript does. */
export function hoist(body: Body, scope: Scope): void {
  for (const statement of body) hoistStatement(statement, scope);
}

function hoistStatement(statement: Body[number], scope: Scope): void {
  if (statement.type === 'ExportNamedDeclaration') {
    if (statement.declaration !== null) hoistStatement(statement.declaration, scope);
  } else if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    if ('id' in declaration && declaration.id) {
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
        hoistStatement(declaration, scope);
      } else if (declaration.type === 'TSInterfaceDeclaration') hoistStatement(declaration, scope);
    }
  } else if (statement.type === 'FunctionDeclaration') {
    if (statement.id !== null) scope.bindings.set(statement.id.name, { value: functionOf(statement, scope) });
  } else if (statement.type === 'ClassDeclaration') {
    hoistClass(statement, scope);
  } else if (statement.type === 'VariableDeclaration') {
    hoistVariables(statement, scope);
  } else hoistType(statement, scope);
}

function hoistClass(statement: Class, scope: Scope): void {
  if (statement.id === null) return;
  const { name } = statement.id;
  scope.bindings.set(name, { pending: () => makeClass(statement, scope) });
  scope.types.set(name, () => ({ node: statement, scope }));
}

/** A variable's value is worked out where it stands, or earlier when another file asks. */
function hoistVariables(
  { declarations, kind }: Extract<Statement, { type: 'VariableDeclaration' }>,
  scope: Scope,
): void {
  for (const { id, init } of declarations) {
    if (id.type !== 'Identifier') continue;
    const annotation = id.typeAnnotation?.typeAnnotation;
    const type = annotation ? { type: { node: annotation, scope } } : {};
    const binding: Binding =
      init === null || kind === 'var'
        ? { ...type, value: UNKNOWN }
        : { ...type, pending: () => named(id.name, evaluate(init, scope), scope) };
    if (init === null) delete binding.value;
    scope.bindings.set(id.name, binding);
  }
}

/** Remembers under which name a value was first declared: schemas are called so. */
function named(name: string, value: Value, { frame: { interpreter } }: Scope): Value {
  if (!interpreter.names.has(value)) interpreter.names.set(value, name);
  return value;
}

function hoistType(statement: Body[number], scope: Scope): void {
  if (
    statement.type === 'TSInterfaceDeclaration' ||
    statement.type === 'TSTypeAliasDeclaration' ||
    statement.type === 'TSEnumDeclaration'
  ) {
    scope.types.set(statement.id.name, () => ({ node: statement, scope }));
  }
  if (statement.type === 'TSEnumDeclaration') {
    scope.bindings.set(statement.id.name, { pending: () => enumOf(statement, scope) });
  }
}

function enumOf({ body }: Extract<Statement, { type: 'TSEnumDeclaration' }>, scope: Scope): Value {
  const properties = new Map<string, Value>();
  const inside = new Scope(scope.frame, scope);
  let next: number | undefined = 0;
  for (const { id, initializer } of body.members) {
    const name = id.type === 'Identifier' ? id.name : id.type === 'Literal' ? String(id.value) : undefined;
    if (name === undefined) continue;
    const value: Value = initializer
      ? evaluate(initializer, inside)
      : next === undefined
        ? UNKNOWN
        : { kind: 'constant', value: next };
    next = value.kind === 'constant' && typeof value.value === 'number' ? value.value + 1 : undefined;
    properties.set(name, value);
    inside.set(name, value);
  }
  return { kind: 'object', properties, open: false };
}

export function functionOf(node: FunctionValue['node'], scope: Scope, self?: Value): FunctionValue {
  const origin = { file: scope.frame.file, node };
  // An arrow has the `this` of where it stands.
  const own = node.type === 'ArrowFunctionExpression' ? scope.frame.self : self;
  return {
    kind: 'function',
    node,
    scope,
    origin,
    properties: new Map(),
    ...(own === undefined ? {} : { self: own }),
  };
}
