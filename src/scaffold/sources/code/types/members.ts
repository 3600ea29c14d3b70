import type { Class, TSSignature, TSTypeName } from 'oxc-parser';
import { inheritedMember } from '../interpret/classes.ts';
import { settled, type TypeDeclaration } from '../scope.ts';
import type { TypeReference, Value } from '../value.ts';
import { UNKNOWN } from '../value.ts';

/** The last names of `a.b.C`, which is all that is looked up. */
export const typeName = (name: TSTypeName): string | undefined =>
  name.type === 'Identifier' ? name.name : undefined;

/** Types that are what they are promises or lists of, as far as members go. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'Promise',
  'Readonly',
  'Required',
  'Partial',
  'NonNullable',
  'Awaited',
]);

/** What a value of a type has under a name: another type's value, or a method of a class of the sources. */
export function memberOfType(type: TypeReference, name: string, left = 10): Value | undefined {
  const { node, scope } = type;
  if (left === 0) return undefined;
  if (name === 'length' && elementType(type) !== undefined) {
    return { kind: 'unknown', type: { node: { type: 'TSNumberKeyword', start: 0, end: 0 }, scope } };
  }
  if (node.type === 'TSTypeLiteral') return signatureMember(node.members, name, type);
  if (node.type === 'TSIntersectionType') {
    for (const part of node.types) {
      const member = memberOfType({ node: part, scope }, name, left - 1);
      if (member !== undefined) return member;
    }
  }
  if (node.type !== 'TSTypeReference') return undefined;
  const referred = typeName(node.typeName);
  if (referred === undefined) return undefined;
  const declared = scope.findType(referred);
  if (declared !== undefined) return declaredMember(declared, name, type, left);
  const [inner] = node.typeArguments?.params ?? [];
  return WRAPPERS.has(referred) && inner !== undefined
    ? memberOfType({ node: inner, scope }, name, left - 1)
    : undefined;
}

function declaredMember(
  { node, scope }: TypeDeclaration,
  name: string,
  type: TypeReference,
  left: number,
): Value | undefined {
  if (node.type === 'TSTypeAliasDeclaration')
    return memberOfType({ node: node.typeAnnotation, scope }, name, left - 1);
  if (node.type === 'TSInterfaceDeclaration')
    return signatureMember(node.body.body, name, { ...type, scope });
  return node.type === 'ClassDeclaration' ? classMember(node, name, { ...type, scope }) : undefined;
}

function signatureMember(
  members: readonly TSSignature[],
  name: string,
  { scope }: TypeReference,
): Value | undefined {
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') continue;
    if (member.key.type !== 'Identifier' || member.key.name !== name) continue;
    if (member.type === 'TSMethodSignature') return UNKNOWN;
    const annotation = member.typeAnnotation?.typeAnnotation;
    return annotation ? { kind: 'unknown', type: { node: annotation, scope } } : UNKNOWN;
  }
  return undefined;
}

function classMember(node: Class, name: string, { node: self, scope }: TypeReference): Value | undefined {
  const binding = node.id === null ? undefined : scope.find(node.id.name);
  const owner = binding === undefined ? undefined : settled(binding);
  if (owner?.kind === 'class') {
    const method = inheritedMember(owner, name, { kind: 'unknown', type: { node: self, scope } });
    if (method !== undefined) return method;
  }
  for (const element of node.body.body) {
    if (element.type !== 'PropertyDefinition' || element.static) continue;
    if (element.key.type !== 'Identifier' || element.key.name !== name) continue;
    const annotation = element.typeAnnotation?.typeAnnotation;
    if (annotation) return { kind: 'unknown', type: { node: annotation, scope } };
  }
  return parameterMember(node, name, scope);
}

/** A field that a parameter of the constructor declares. */
function parameterMember(node: Class, name: string, scope: TypeReference['scope']): Value | undefined {
  for (const element of node.body.body) {
    if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') continue;
    for (const parameter of element.value.params) {
      if (parameter.type !== 'TSParameterProperty' || parameter.parameter.type !== 'Identifier') continue;
      const annotation = parameter.parameter.typeAnnotation?.typeAnnotation;
      if (parameter.parameter.name === name && annotation)
        return { kind: 'unknown', type: { node: annotation, scope } };
    }
  }
  return undefined;
}

/** The type of the items of a list's type. */
export function elementType({ node, scope }: TypeReference, left = 5): TypeReference | undefined {
  if (node.type === 'TSArrayType') return { node: node.elementType, scope };
  if (node.type !== 'TSTypeReference' || left === 0) return undefined;
  const name = typeName(node.typeName) ?? '';
  const [inner] = node.typeArguments?.params ?? [];
  if (inner !== undefined && (name === 'Array' || name === 'ReadonlyArray')) return { node: inner, scope };
  if (inner !== undefined && name === 'Promise') return elementType({ node: inner, scope }, left - 1);
  const declared = scope.findType(name);
  return declared?.node.type === 'TSTypeAliasDeclaration'
    ? elementType({ node: declared.node.typeAnnotation, scope: declared.scope }, left - 1)
    : undefined;
}
