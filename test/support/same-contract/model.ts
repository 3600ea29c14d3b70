import { encodedText } from '../../../src/scaffold/frameworks/path-pattern.ts';
import type { ApiModel, MediaType, Operation, Parameter } from '../../../src/scaffold/model/api.ts';
import { mediaKind } from '../../../src/scaffold/model/media.ts';
import { sameRoutes } from '../../../src/scaffold/model/routes.ts';
import type { Schema } from '../../../src/scaffold/model/schema.ts';
import { type Canonical, canonicalSchema, sorted, type Travel } from './schemas.ts';

/** Everything of a contract that is compared, by what a person would look for it under. */
export type CanonicalModel = ReadonlyMap<string, Canonical>;

/** A contract as pieces that are equal where contracts are: docs/round-trip.md says what for. */
export function canonicalModel(model: ApiModel): CanonicalModel {
  const pieces = new Map<string, Canonical>();
  for (const [first, ...twins] of sameRoutes(model.operations)) {
    if (first === undefined) continue;
    // One route serves them all, in the file of the first one's tag.
    for (const operation of [first, ...twins])
      pieces.set(
        `${operation.method.toUpperCase()} ${canonicalPath(operation.path)}`,
        canonicalOperation({ ...operation, tag: first.tag }, model),
      );
  }
  for (const { name, schema } of model.schemas.values())
    pieces.set(`schema ${name}`, canonicalSchema(schema, model.schemas, undefined));
  for (const [name, { place: _, description: __, ...kind }] of model.securitySchemes)
    pieces.set(`security scheme ${name}`, sorted(JSON.parse(JSON.stringify(kind))));
  return pieces;
}

/** The text of a path as requests carry it. */
const canonicalPath = (path: string): string =>
  path.replaceAll(/\{[^{}]*\}|[#?].*$|[^{}#?]+/g, (part) => (/^[{#?]/.test(part) ? part : encodedText(part)));

function canonicalOperation(operation: Operation, model: ApiModel): Canonical {
  const schema = (of: Schema, travel: Travel): Canonical => canonicalSchema(of, model.schemas, travel);
  const media = (content: readonly MediaType[], travel: Travel): Canonical =>
    Object.fromEntries(content.map((of) => [of.type, canonicalMedia(of, travel, schema)]));
  const { id, tag, deprecated, parameters, body, responses, security } = operation;
  return {
    id,
    tag,
    deprecated,
    parameters: byName(parameters.map((parameter) => canonicalParameter(parameter, schema))),
    body:
      body === undefined || body.content.length === 0
        ? null
        : { required: body.required, content: media(body.content, 'request') },
    responses: Object.fromEntries(
      responses.map(({ status, content, headers }) => [
        status,
        {
          content: media(content, 'response'),
          headers: byName(
            headers.map(({ name, required, explode, schema: of }) => [
              name,
              { required, explode, schema: schema(of, 'response') },
            ]),
          ),
        },
      ]),
    ),
    security: security.map((requirement) =>
      Object.fromEntries([...requirement].sort(byScheme).map(({ scheme, scopes }) => [scheme, scopes])),
    ),
  };
}

type Print = (schema: Schema, travel: Travel) => Canonical;

const byScheme = (left: { readonly scheme: string }, right: { readonly scheme: string }): number =>
  left.scheme < right.scheme ? -1 : 1;

/** Declared in whatever order. */
const byName = (entries: readonly (readonly [string, Canonical])[]): Canonical =>
  Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));

function canonicalParameter(parameter: Parameter, schema: Print): readonly [string, Canonical] {
  const { name, in: where, required, style, explode, mediaType } = parameter;
  // These two have one way to be written.
  const isFixed = style === 'deepObject' || style === 'content' || style === 'querystring';
  return [
    `${where} ${where === 'header' ? name.toLowerCase() : name}`,
    {
      required,
      style,
      ...(isFixed ? {} : { explode }),
      ...(mediaType === undefined ? {} : { mediaType }),
      schema: schema(parameter.schema, 'request'),
    },
  ];
}

function canonicalMedia({ type, schema, encoding }: MediaType, travel: Travel, print: Print): Canonical {
  const kind = mediaKind(type);
  const isForm = kind === 'form' || kind === 'multipart';
  const printed = print(schema, travel);
  const isSilent = JSON.stringify(printed) === '{"asks":[]}';
  const usual: Schema = {
    place: schema.place,
    types: ['string'],
    ...(kind === 'bytes' ? { format: 'binary' } : {}),
  };
  const isUsual = isSilent && (kind === 'text' || kind === 'bytes');
  return {
    schema: isUsual ? print(usual, travel) : printed,
    ...(isForm && encoding.size > 0 ? { encoding: sorted(Object.fromEntries(encoding) as never) } : {}),
  };
}
