import type { TSType } from 'oxc-parser';
import type { InputPart, TypeReference } from '../value.ts';
import { typeName } from './members.ts';

/** What a request's type says of its parts, and what the answer's type says of its body. */
export type RequestTypes = Partial<
  Record<Extract<InputPart, 'body' | 'query' | 'path' | 'headers'> | 'response', TypeReference>
>;

type Part = keyof RequestTypes;

/** `Request<Params, Answer, Body, Query>` of Express, and its kin. */
const EXPRESS_ORDER: readonly Part[] = ['path', 'response', 'body', 'query'];

const POSITIONAL: Readonly<Record<string, readonly Part[]>> = {
  Request: EXPRESS_ORDER,
  RequestHandler: EXPRESS_ORDER,
  Handler: EXPRESS_ORDER,
  Response: ['response'],
};

/** The members of `FastifyRequest<{ Body: ... }>`. */
const FASTIFY_PARTS: Readonly<Record<string, Part>> = {
  Body: 'body',
  Querystring: 'query',
  Params: 'path',
  Headers: 'headers',
  Reply: 'response',
};

const BY_NAME: ReadonlySet<string> = new Set([
  'FastifyRequest',
  'RouteHandler',
  'RouteHandlerMethod',
  'FastifyReply',
]);

/** What a type of a request, an answer or a handler says. */
export function requestTypes({ node, scope }: TypeReference, left = 8): RequestTypes {
  if (node.type === 'TSIntersectionType') {
    return Object.assign({}, ...node.types.map((part) => requestTypes({ node: part, scope }, left - 1)));
  }
  if (node.type !== 'TSTypeReference' || left === 0) return {};
  const name =
    typeName(node.typeName) ?? (node.typeName.type === 'TSQualifiedName' ? node.typeName.right.name : '');
  const args = node.typeArguments?.params ?? [];
  const declared = scope.findType(name);
  if (declared !== undefined) return declaredTypes(declared, left);
  const order = Object.hasOwn(POSITIONAL, name) ? POSITIONAL[name] : undefined;
  if (order !== undefined) return positional(order, args, scope);
  const [routes] = args;
  return BY_NAME.has(name) && routes !== undefined ? fastifyTypes({ node: routes, scope }) : {};
}

function declaredTypes(
  { node, scope }: NonNullable<ReturnType<TypeReference['scope']['findType']>>,
  left: number,
): RequestTypes {
  if (node.type === 'TSTypeAliasDeclaration')
    return requestTypes({ node: node.typeAnnotation, scope }, left - 1);
  if (node.type !== 'TSInterfaceDeclaration') return {};
  const found: RequestTypes = {};
  for (const { expression, typeArguments } of node.extends) {
    const name = expression.type === 'Identifier' ? expression.name : '';
    const order = Object.hasOwn(POSITIONAL, name) ? POSITIONAL[name] : undefined;
    if (order !== undefined) Object.assign(found, positional(order, typeArguments?.params ?? [], scope));
  }
  for (const member of node.body.body) {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
    const part = Object.hasOwn(OWN_MEMBERS, member.key.name) ? OWN_MEMBERS[member.key.name] : undefined;
    const type = member.typeAnnotation?.typeAnnotation;
    if (part !== undefined && type) found[part] = { node: type, scope };
  }
  return found;
}

const OWN_MEMBERS: Readonly<Record<string, Part>> = { body: 'body', query: 'query', params: 'path' };

/** What says nothing: `{}`, `any`, `unknown`, and Express's own words for parameters. */
const isSilent = (node: TSType): boolean =>
  ['TSAnyKeyword', 'TSUnknownKeyword', 'TSObjectKeyword', 'TSNeverKeyword'].includes(node.type) ||
  (node.type === 'TSTypeLiteral' && node.members.length === 0) ||
  (node.type === 'TSTypeReference' && /^(?:ParamsDictionary|ParsedQs|Query)$/.test(lastName(node)));

const lastName = (node: Extract<TSType, { type: 'TSTypeReference' }>): string => {
  if (node.typeName.type === 'TSQualifiedName') return node.typeName.right.name;
  return typeName(node.typeName) ?? '';
};

export function positional(
  order: readonly Part[],
  args: readonly TSType[],
  scope: TypeReference['scope'],
): RequestTypes {
  const found: RequestTypes = {};
  for (const [at, part] of order.entries()) {
    const node = args[at];
    if (node !== undefined && !isSilent(node)) found[part] = { node, scope };
  }
  return found;
}

/** `{ Body: ..., Params: ... }` where it is written or declared. */
export function fastifyTypes({ node, scope }: TypeReference): RequestTypes {
  const declared =
    node.type === 'TSTypeReference' ? scope.findType(typeName(node.typeName) ?? '') : undefined;
  const inside = declared?.scope ?? scope;
  const members =
    node.type === 'TSTypeLiteral'
      ? node.members
      : declared?.node.type === 'TSInterfaceDeclaration'
        ? declared.node.body.body
        : declared?.node.type === 'TSTypeAliasDeclaration' &&
            declared.node.typeAnnotation.type === 'TSTypeLiteral'
          ? declared.node.typeAnnotation.members
          : [];
  const found: RequestTypes = {};
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
    const part = Object.hasOwn(FASTIFY_PARTS, member.key.name) ? FASTIFY_PARTS[member.key.name] : undefined;
    const type = member.typeAnnotation?.typeAnnotation;
    if (part !== undefined && type && !isSilent(type)) found[part] = { node: type, scope: inside };
  }
  return found;
}

/** What `app.get<...>(...)` says. */
export function routeTypes(
  framework: string,
  types: readonly TSType[] | undefined,
  scope: TypeReference['scope'],
): RequestTypes {
  const [first] = types ?? [];
  if (first === undefined || types === undefined) return {};
  return framework === 'fastify'
    ? fastifyTypes({ node: first, scope })
    : framework === 'express'
      ? positional(EXPRESS_ORDER, types, scope)
      : {};
}
