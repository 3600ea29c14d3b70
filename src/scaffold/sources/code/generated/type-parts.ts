import type { TSSignature, TSType } from 'oxc-parser';
import type { SourceFile } from '../source-file.ts';
import { type DocComment, docBefore } from './comments.ts';

/** A property of a printed type. */
export interface TypeMember {
  readonly type: TSType;
  readonly comment: DocComment | undefined;
}

/** An object type: its properties, and what all other ones are. */
export interface ObjectType {
  readonly members: ReadonlyMap<string, TypeMember>;
  readonly rest: TSType | undefined;
}

/** The declared types of a file by name, each with its comment. */
export interface DeclaredType {
  readonly comment: DocComment | undefined;
  readonly parts: TypeParts;
  readonly type: TSType | undefined;
}

/** The object and array types that a type is made of, in the order in which emit/types.ts prints them. */
export class TypeParts {
  readonly objects: ObjectType[] = [];
  readonly items: TSType[] = [];

  /** The next object type with these properties. */
  takeObject(names: Iterable<string>): ObjectType | undefined {
    const wanted = [...names];
    const at = this.objects.findIndex(({ members }) => wanted.every((name) => members.has(name)));
    return at === -1 ? undefined : this.objects.splice(at, 1)[0];
  }

  takeItems(): TSType | undefined {
    return this.items.shift();
  }
}

export function partsOfType(file: SourceFile, type: TSType): TypeParts {
  const parts = new TypeParts();
  collect(file, type, parts);
  return parts;
}

function collect(file: SourceFile, type: TSType, parts: TypeParts): void {
  if (type.type === 'TSTypeLiteral') parts.objects.push(objectOf(file, type.members));
  else if (type.type === 'TSArrayType') parts.items.push(type.elementType);
  else if (type.type === 'TSParenthesizedType') collect(file, type.typeAnnotation, parts);
  else if (type.type === 'TSUnionType' || type.type === 'TSIntersectionType')
    for (const part of type.types) collect(file, part, parts);
}

function objectOf(file: SourceFile, signatures: readonly TSSignature[]): ObjectType {
  const members = new Map<string, TypeMember>();
  let rest: TSType | undefined;
  for (const signature of signatures) {
    if (signature.type === 'TSIndexSignature') rest = signature.typeAnnotation.typeAnnotation;
    if (signature.type !== 'TSPropertySignature' || signature.typeAnnotation === null) continue;
    const { key } = signature;
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    if (name === undefined) continue;
    const comment = docBefore(file, signature.start);
    members.set(name, { type: signature.typeAnnotation.typeAnnotation, comment });
  }
  return { members, rest };
}

/** Every type that a file exports. */
export function declaredTypes(file: SourceFile): Map<string, DeclaredType> {
  const found = new Map<string, DeclaredType>();
  for (const statement of file.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    const comment = docBefore(file, statement.start);
    if (declared?.type === 'TSInterfaceDeclaration') {
      const parts = new TypeParts();
      parts.objects.push(objectOf(file, declared.body.body));
      found.set(declared.id.name, { comment, parts, type: undefined });
    } else if (declared?.type === 'TSTypeAliasDeclaration') {
      const type = declared.typeAnnotation;
      found.set(declared.id.name, { comment, parts: partsOfType(file, type), type });
    }
  }
  return found;
}
