import type { TSType } from 'oxc-parser';
import type { MediaType, Operation, Parameter, ParameterIn, Response } from '../../../model/api.ts';
import type { NamedSchema, Schema, SchemaKey } from '../../../model/schema.ts';
import type { SourceFile } from '../source-file.ts';
import { type DocComment, docBefore } from './comments.ts';
import {
  type DeclaredType,
  declaredTypes,
  type ObjectType,
  partsOfType,
  type TypeParts,
} from './type-parts.ts';

/**
 * What types.ts says in its comments of schemas, parameters and answers. Types are printed in the order of the
 * schemas that they are for: both are gone through side by side, and where they do not fit, nothing is said.
 */
export class Descriptions {
  readonly #file: SourceFile;
  readonly #types: ReadonlyMap<string, DeclaredType>;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#types = declaredTypes(file);
  }

  /** A declared schema with what its type says. */
  ofSchema(named: NamedSchema): NamedSchema {
    const declared = this.#types.get(named.name);
    if (declared === undefined) return named;
    return {
      ...named,
      schema: { ...this.#described(named.schema, declared.parts), ...noted(declared.comment) },
    };
  }

  ofTable(table: ReadonlyMap<SchemaKey, NamedSchema>): Map<SchemaKey, NamedSchema> {
    return new Map([...table].map(([key, named]) => [key, this.ofSchema(named)]));
  }

  /** An operation with what the types of its request and answers say; `names` are the names of the two. */
  ofOperation(
    operation: Operation,
    names: { readonly request: string; readonly response: string },
  ): Operation {
    const request = this.#types.get(names.request);
    const groups = request?.parts.objects ?? [];
    const { body } = operation;
    return {
      ...operation,
      parameters: operation.parameters.map((parameter) => this.#ofParameter(parameter, groups)),
      ...(body === undefined
        ? {}
        : { body: { ...body, content: body.content.map((media) => this.#ofBody(media, groups)) } }),
      responses: this.#ofResponses(operation.responses, this.#types.get(names.response)),
    };
  }

  #ofParameter(parameter: Parameter, groups: readonly ObjectType[]): Parameter {
    const member = groups
      .map(({ members }) => members.get(GROUPS[parameter.in])?.type)
      .flatMap((group) => (group === undefined ? [] : partsOfType(this.#file, group).objects))
      .map(({ members }) => members.get(parameter.name))
      .find((found) => found !== undefined);
    if (member === undefined) return parameter;
    const { description } = noted(member.comment);
    return {
      ...parameter,
      ...(description === undefined ? {} : { description }),
      deprecated: member.comment?.deprecated === true,
      schema: this.#ofType(parameter.schema, member.type),
    };
  }

  /** Where a body may have several types, the one that names the media type is its own. */
  #ofBody(media: MediaType, groups: readonly ObjectType[]): MediaType {
    const bodies = groups.filter(({ members }) => members.has('body'));
    const own = bodies.find(({ members }) => {
      const types = members.get('contentType')?.type;
      return types !== undefined && textsIn(types).includes(media.type);
    });
    const type = (own ?? (bodies.length === 1 ? bodies[0] : undefined))?.members.get('body')?.type;
    return type === undefined ? media : { ...media, schema: this.#ofType(media.schema, type) };
  }

  #ofResponses(responses: readonly Response[], declared: DeclaredType | undefined): readonly Response[] {
    const type = declared?.type;
    if (type === undefined) return responses;
    const answers = type.type === 'TSUnionType' ? type.types : [type];
    let at = 0;
    return responses.map((response) => {
      const own = answers.slice(at, at + Math.max(1, response.content.length));
      at += own.length;
      const description = own[0] === undefined ? undefined : docBefore(this.#file, own[0].start)?.text;
      return {
        ...response,
        ...(description === undefined ? {} : { description }),
        content: response.content.map((media, index) => this.#ofAnswer(media, own[index])),
      };
    });
  }

  #ofAnswer(media: MediaType, answer: TSType | undefined): MediaType {
    const [object] = answer === undefined ? [] : partsOfType(this.#file, answer).objects;
    const body = object?.members.get('body')?.type;
    return body === undefined ? media : { ...media, schema: this.#ofType(media.schema, body) };
  }

  #ofType(schema: Schema, type: TSType): Schema {
    return this.#described(schema, partsOfType(this.#file, type));
  }

  #described(schema: Schema, parts: TypeParts): Schema {
    const draft: { -readonly [Keyword in keyof Schema]: Schema[Keyword] } = { ...schema };
    const { properties, additionalProperties, items, allOf, anyOf, oneOf } = schema;
    if ((properties ?? additionalProperties) !== undefined) {
      const object = parts.takeObject(properties?.keys() ?? []);
      if (properties !== undefined && object !== undefined)
        draft.properties = new Map(
          [...properties].map(([name, part]) => [name, this.#member(part, object, name)]),
        );
      if (object?.rest !== undefined && schema.patternProperties === undefined)
        draft.additionalProperties = this.#ofType(
          additionalProperties ?? { place: schema.place },
          object.rest,
        );
    }
    const item = items === undefined ? undefined : parts.takeItems();
    if (items !== undefined && item !== undefined) draft.items = this.#ofType(items, item);
    if (allOf !== undefined) draft.allOf = allOf.map((part) => this.#described(part, parts));
    if (anyOf !== undefined) draft.anyOf = anyOf.map((part) => this.#described(part, parts));
    if (oneOf !== undefined) draft.oneOf = oneOf.map((part) => this.#described(part, parts));
    return draft;
  }

  #member(schema: Schema, { members }: ObjectType, name: string): Schema {
    const member = members.get(name);
    return member === undefined ? schema : { ...this.#ofType(schema, member.type), ...noted(member.comment) };
  }
}

/** The part of a request that parameters of a place are in: emit/operation-types.ts. */
const GROUPS: Readonly<Record<ParameterIn, string>> = {
  path: 'path',
  query: 'query',
  header: 'headers',
  cookie: 'cookies',
};

const noted = (comment: DocComment | undefined): { description?: string; deprecated?: true } => ({
  ...(comment === undefined || comment.text === '' ? {} : { description: comment.text }),
  ...(comment?.deprecated ? { deprecated: true as const } : {}),
});

/** The texts that a type of texts lists. */
function textsIn(type: TSType): string[] {
  if (type.type === 'TSUnionType') return type.types.flatMap(textsIn);
  const value =
    type.type === 'TSLiteralType' && type.literal.type === 'Literal' ? type.literal.value : undefined;
  return typeof value === 'string' ? [value] : [];
}
