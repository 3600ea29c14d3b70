import type { Class, Declaration, TSType } from 'oxc-parser';
import type { JsonObject } from '../../../model/json.ts';
import type { SchemaContext } from '../schemas/context.ts';
import { Scope, settled, type TypeDeclaration } from '../scope.ts';
import { objectSchema, schemaOfType } from './schema.ts';

/** How a declared type is referred to. */
export interface Use {
  readonly name: string;
  readonly args: readonly TSType[];
  readonly scope: Scope;
}

/** A declared type: named ones are referred to, those with parameters stand where they are used. */
export function declaredSchema(
  declared: TypeDeclaration,
  use: Use,
  context: SchemaContext,
  depth: number,
): JsonObject {
  const { node } = declared;
  const parameters = 'typeParameters' in node ? (node.typeParameters?.params ?? []) : [];
  const isAlias = node.type === 'TSTypeAliasDeclaration' && !isStructure(node.typeAnnotation);
  if (parameters.length > 0 || isAlias) return bodyOf(declared, use, context, depth);
  return context.named.refer(node, use.name, () => bodyOf(declared, use, context, 0));
}

/** Names of single words such as `type Id = string` say nothing that the type does not. */
const isStructure = ({ type }: TSType): boolean =>
  ['TSTypeLiteral', 'TSIntersectionType', 'TSUnionType', 'TSArrayType', 'TSTupleType'].includes(type);

function bodyOf(
  { node, scope }: TypeDeclaration,
  use: Use,
  context: SchemaContext,
  depth: number,
): JsonObject {
  const inside = withArguments(node, scope, use);
  if (node.type === 'TSTypeAliasDeclaration')
    return schemaOfType({ node: node.typeAnnotation, scope: inside }, context, depth);
  if (node.type === 'TSEnumDeclaration') return enumSchema(node, scope);
  if (node.type === 'TSInterfaceDeclaration') {
    const own = objectSchema(node.body.body, inside, context, depth);
    const parents = node.extends.flatMap(({ expression, typeArguments }): JsonObject[] => {
      if (expression.type !== 'Identifier') return [];
      const parent = inside.findType(expression.name);
      const args = typeArguments?.params ?? [];
      return parent === undefined
        ? []
        : [declaredSchema(parent, { name: expression.name, args, scope: inside }, context, depth)];
    });
    return parents.length === 0 ? own : { allOf: [...parents, own] };
  }
  return node.type === 'ClassDeclaration' ? classSchema(node, inside, context, depth) : {};
}

/** The parameters of a type stand for what it is given. */
function withArguments(node: Declaration, scope: Scope, { args, scope: outside }: Use): Scope {
  const parameters = 'typeParameters' in node ? (node.typeParameters?.params ?? []) : [];
  if (parameters.length === 0) return scope;
  const inside = new Scope(scope.frame, scope);
  for (const [at, parameter] of parameters.entries()) {
    const given = args[at] ?? parameter.default;
    if (!given) continue;
    const from = args[at] === undefined ? inside : outside;
    inside.types.set(parameter.name.name, () => ({
      node: {
        type: 'TSTypeAliasDeclaration',
        id: parameter.name,
        typeParameters: null,
        declare: false,
        start: given.start,
        end: given.end,
        // A name of its own would be taken for a structure worth a name.
        typeAnnotation: {
          type: 'TSParenthesizedType',
          typeAnnotation: given,
          start: given.start,
          end: given.end,
        },
      },
      scope: from,
    }));
  }
  return inside;
}

function enumSchema({ id }: Extract<Declaration, { type: 'TSEnumDeclaration' }>, scope: Scope): JsonObject {
  const binding = scope.find(id.name);
  const value = binding === undefined ? undefined : settled(binding);
  if (value?.kind !== 'object') return {};
  const values = [...value.properties.values()].flatMap((member) =>
    member.kind === 'constant' && (typeof member.value === 'string' || typeof member.value === 'number')
      ? [member.value]
      : [],
  );
  const [type, other] = [...new Set(values.map((member) => typeof member))];
  if (values.length < value.properties.size || type === undefined) return {};
  return other === undefined ? { type, enum: values } : { enum: values };
}

function classSchema(node: Class, scope: Scope, context: SchemaContext, depth: number): JsonObject {
  const properties = new Map<string, JsonObject>();
  const required: string[] = [];
  for (const element of node.body.body) {
    if (element.type !== 'PropertyDefinition' || element.static || element.key.type !== 'Identifier')
      continue;
    if (element.accessibility === 'private' || element.accessibility === 'protected') continue;
    const type = element.typeAnnotation?.typeAnnotation;
    if (type?.type === 'TSFunctionType' || element.value?.type === 'ArrowFunctionExpression') continue;
    properties.set(element.key.name, type ? schemaOfType({ node: type, scope }, context, depth) : {});
    if (!element.optional && type) required.push(element.key.name);
  }
  const own: JsonObject = {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
  };
  const parent = node.superClass?.type === 'Identifier' ? scope.findType(node.superClass.name) : undefined;
  if (parent === undefined || node.superClass?.type !== 'Identifier') return own;
  return {
    allOf: [declaredSchema(parent, { name: node.superClass.name, args: [], scope }, context, depth), own],
  };
}
