import type { TSPropertySignature, TSSignature, TSType } from 'oxc-parser';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import { evaluate } from '../interpret/evaluate.ts';
import type { NodeOf } from '../nodes.ts';
import { MAX_DEPTH, maySpend, type SchemaContext, unknownSchema } from '../schemas/context.ts';
import { schemaOfTerm } from '../schemas/terms.ts';
import type { Scope } from '../scope.ts';
import type { TypeReference } from '../value.ts';
import { declaredSchema } from './declarations.ts';
import { typeName } from './members.ts';
import { UTILITIES } from './utilities.ts';

export type TypeReader<Type extends TSType['type'] = TSType['type']> = (
  node: NodeOf<TSType, Type>,
  scope: Scope,
  context: SchemaContext,
  depth: number,
) => JsonObject;

/** The JSON Schema of a type as TypeScript writes it. What JSON cannot hold, or what is not in the sources, is `{}`. */
export function schemaOfType({ node, scope }: TypeReference, context: SchemaContext, depth = 0): JsonObject {
  if (depth > MAX_DEPTH || !maySpend(context)) return {};
  // The table has a function for exactly this type of node.
  const reader = READERS[node.type] as TypeReader | undefined;
  if (reader === undefined) return unknownSchema(context, 'a type', { file: scope.frame.file, node });
  return (reader as (node: TSType, scope: Scope, context: SchemaContext, depth: number) => JsonObject)(
    node,
    scope,
    context,
    depth + 1,
  );
}

const fixed = (schema: JsonObject) => () => schema;

const READERS: { readonly [Type in TSType['type']]?: TypeReader<Type> } = {
  TSStringKeyword: fixed({ type: 'string' }),
  TSNumberKeyword: fixed({ type: 'number' }),
  TSBooleanKeyword: fixed({ type: 'boolean' }),
  TSNullKeyword: fixed({ type: 'null' }),
  TSUndefinedKeyword: fixed({}),
  TSVoidKeyword: fixed({}),
  TSAnyKeyword: fixed({}),
  TSUnknownKeyword: fixed({}),
  TSObjectKeyword: fixed({ type: 'object' }),
  TSNeverKeyword: fixed({ not: {} }),
  TSTemplateLiteralType: fixed({ type: 'string' }),
  TSParenthesizedType: ({ typeAnnotation }, scope, context, depth) =>
    schemaOfType({ node: typeAnnotation, scope }, context, depth),
  TSTypeOperator: ({ typeAnnotation, operator, ...node }, scope, context, depth) =>
    operator === 'readonly'
      ? schemaOfType({ node: typeAnnotation, scope }, context, depth)
      : unknownSchema(context, 'a type', { file: scope.frame.file, node }),
  TSLiteralType: ({ literal }, scope) => {
    const value = evaluate(literal.type === 'TemplateLiteral' ? literal : literal, scope);
    return value.kind === 'constant' && typeof value.value !== 'bigint' && value.value !== undefined
      ? { const: value.value }
      : {};
  },
  TSArrayType: ({ elementType }, scope, context, depth) => ({
    type: 'array',
    items: schemaOfType({ node: elementType, scope }, context, depth),
  }),
  TSTupleType: ({ elementTypes }, scope, context, depth) => {
    const types = elementTypes.filter((type): type is TSType => !NOT_ITEMS.has(type.type));
    if (types.length < elementTypes.length) return { type: 'array' };
    return {
      type: 'array',
      prefixItems: types.map((node) => schemaOfType({ node, scope }, context, depth)),
      minItems: types.length,
      maxItems: types.length,
    };
  },
  TSUnionType: ({ types }, scope, context, depth) =>
    union(
      types
        .filter(({ type }) => type !== 'TSUndefinedKeyword' && type !== 'TSVoidKeyword')
        .map((node) => schemaOfType({ node, scope }, context, depth)),
    ),
  TSIntersectionType: ({ types }, scope, context, depth) => ({
    allOf: types.map((node) => schemaOfType({ node, scope }, context, depth)),
  }),
  TSTypeLiteral: ({ members }, scope, context, depth) => objectSchema(members, scope, context, depth),
  TSTypeReference: (node, scope, context, depth) => reference(node, scope, context, depth),
  TSTypeQuery: (node, scope, context) => {
    const name = node.exprName.type === 'Identifier' ? node.exprName : undefined;
    const value = name === undefined ? undefined : evaluate(name, scope);
    return value === undefined ? {} : schemaOfTerm(value, context);
  },
  TSIndexedAccessType: (node, scope, context) =>
    unknownSchema(context, 'a type', { file: scope.frame.file, node }),
};

const NOT_ITEMS: ReadonlySet<string> = new Set(['TSOptionalType', 'TSRestType', 'TSNamedTupleMember']);

/** One of several: constants are an enum, null is a type beside another one. */
export function union(schemas: readonly JsonObject[]): JsonObject {
  const different = schemas.filter(
    (schema, at) => schemas.findIndex((other) => JSON.stringify(other) === JSON.stringify(schema)) === at,
  );
  const [only] = different;
  if (only !== undefined && different.length === 1) return only;
  // What allows everything allows the others too.
  if (different.some((schema) => Object.keys(schema).length === 0)) return {};
  const constants = different.map(({ const: value }) => value).filter((value) => value !== undefined);
  const isOneType = new Set(constants.map((value) => typeof value)).size === 1;
  const others = different.filter((schema) => !('const' in schema));
  if (constants.length > 0 && isOneType && others.length === 0) return enumOf(constants);
  const folded = constants.length > 1 && isOneType ? [enumOf(constants), ...others] : different;
  const [first, second] = folded;
  if (
    folded.length === 2 &&
    first !== undefined &&
    second?.['type'] === 'null' &&
    typeof first['type'] === 'string'
  ) {
    const { type, ...rest } = first;
    return {
      type: [type, 'null'],
      ...('enum' in rest && Array.isArray(rest['enum']) ? { ...rest, enum: [...rest['enum'], null] } : rest),
    };
  }
  return { anyOf: folded };
}

function enumOf(values: readonly JsonValue[]): JsonObject {
  const type = typeof values[0];
  if (type === 'boolean' && values.length === 2) return { type: 'boolean' };
  return { ...(type === 'object' ? {} : { type }), enum: values };
}

/** The schema of a type's members; methods are no part of JSON. */
export function objectSchema(
  members: readonly TSSignature[],
  scope: Scope,
  context: SchemaContext,
  depth: number,
): JsonObject {
  const properties = new Map<string, JsonObject>();
  const required: string[] = [];
  let additional: JsonObject | undefined;
  for (const member of members) {
    if (member.type === 'TSIndexSignature') {
      additional = schemaOfType({ node: member.typeAnnotation.typeAnnotation, scope }, context, depth);
    }
    if (member.type !== 'TSPropertySignature') continue;
    const name = keyOfSignature(member);
    const type = member.typeAnnotation?.typeAnnotation;
    if (name === undefined || type?.type === 'TSFunctionType') continue;
    properties.set(name, type ? schemaOfType({ node: type, scope }, context, depth) : {});
    if (!member.optional && !mayBeUndefined(type)) required.push(name);
  }
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(additional === undefined ? {} : { additionalProperties: additional }),
  };
}

const mayBeUndefined = (type: TSType | undefined | null): boolean =>
  type?.type === 'TSUndefinedKeyword' ||
  (type?.type === 'TSUnionType' && type.types.some(({ type: inner }) => inner === 'TSUndefinedKeyword'));

function keyOfSignature({ key }: TSPropertySignature): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function reference(
  node: NodeOf<TSType, 'TSTypeReference'>,
  scope: Scope,
  context: SchemaContext,
  depth: number,
): JsonObject {
  const name = typeName(node.typeName) ?? qualifiedName(node);
  const args = node.typeArguments?.params ?? [];
  const declared = name === undefined ? undefined : scope.findType(name);
  if (declared !== undefined && name !== undefined)
    return declaredSchema(declared, { name, args, scope }, context, depth);
  const utility = name !== undefined && Object.hasOwn(UTILITIES, name) ? UTILITIES[name] : undefined;
  if (utility !== undefined) return utility(args, scope, context, depth);
  return unknownSchema(context, `the type ${name ?? 'here'}`, { file: scope.frame.file, node });
}

/** `z.infer` and the like. */
function qualifiedName({ typeName: name }: NodeOf<TSType, 'TSTypeReference'>): string | undefined {
  return name.type === 'TSQualifiedName' ? name.right.name : undefined;
}
