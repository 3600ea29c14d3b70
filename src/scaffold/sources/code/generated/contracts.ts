import type {
  Body,
  FieldEncoding,
  MediaType,
  Parameter,
  ParameterIn,
  ParameterStyle,
  Response,
} from '../../../model/api.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { Schema } from '../../../model/schema.ts';
import type { SecurityRequirement } from '../../../model/security.ts';
import { type ObjectValue, textOf, type Value } from '../value.ts';
import { jsonOf } from '../zod/json.ts';
import type { ZodReader } from '../zod/reader.ts';

/** The part of an operation that its contract in validators.ts says. */
export interface ReadContract {
  readonly variant: string;
  /** The name of a path parameter by its key in the route. */
  readonly names: ReadonlyMap<string, string>;
  readonly parameters: readonly Parameter[];
  readonly body?: Body;
  readonly responses: readonly Response[];
  readonly security: readonly SecurityRequirement[];
}

/** Whether a value is a contract: it says what answers there are. */
export const isContract = (value: Value): value is ObjectValue =>
  value.kind === 'object' && value.properties.has('responses') && value.properties.has('id');

/** Reads the contract of an operation: what emit/contracts.ts prints. */
export function readContract(reader: ZodReader, contract: ObjectValue): ReadContract {
  const called = (name: string): Value | undefined => {
    const value = contract.properties.get(name);
    return value === undefined ? undefined : reader.sources.call(value, []);
  };
  const request = called('request');
  const listed = itemsOf(memberOf(request, 'parameters')).filter((item) => item.kind === 'object');
  const body = memberOf(request, 'body');
  const keys = listed
    .filter((item) => textAt(item, 'in') === 'path')
    .map((item) => [textAt(item, 'key') ?? textAt(item, 'name'), textAt(item, 'name')] as const);
  return {
    variant: textAt(contract, 'variant') ?? '',
    names: new Map(
      keys.flatMap(([key, name]) => (key === undefined || name === undefined ? [] : [[key, name]])),
    ),
    parameters: listed.flatMap((item) => readParameter(reader, item) ?? []),
    ...(body?.kind === 'object' ? { body: readBody(reader, body) } : {}),
    responses: readResponses(reader, called('responses'), called('headers')),
    security: readSecurity(memberOf(contract.properties.get('security'), 'anyOf')),
  };
}

const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'object' ? value.properties.get(name) : undefined;

const itemsOf = (value: Value | undefined): readonly Value[] => (value?.kind === 'list' ? value.items : []);

const entriesOf = (value: Value | undefined): [string, Value][] =>
  value?.kind === 'object' ? [...value.properties] : [];

const textAt = (value: Value, name: string): string | undefined => textOf(memberOf(value, name));

const flagAt = (value: Value, name: string): boolean | undefined => {
  const flag = memberOf(value, name);
  return flag?.kind === 'constant' && typeof flag.value === 'boolean' ? flag.value : undefined;
};

const DEFAULT_STYLE = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;

function readParameter(reader: ZodReader, item: ObjectValue): Parameter | undefined {
  const [where, name] = [textAt(item, 'in') as ParameterIn | undefined, textAt(item, 'name')];
  if (where === undefined || name === undefined || !Object.hasOwn(DEFAULT_STYLE, where)) return undefined;
  const style = (textAt(item, 'style') as ParameterStyle | undefined) ?? DEFAULT_STYLE[where];
  const { schema } = reader.readAny(item.properties.get('schema'));
  const fallback = jsonOf(item.properties.get('default'));
  const isDocument = style === 'content' || style === 'querystring';
  return {
    name,
    in: where,
    required: flagAt(item, 'required') === true,
    style,
    explode: flagAt(item, 'explode') ?? (style === 'form' || style === 'deepObject'),
    ...(isDocument ? { mediaType: textAt(item, 'mediaType') ?? 'application/json' } : {}),
    schema: fallback === undefined ? schema : { ...schema, default: fallback },
    deprecated: false,
    place: reader.sources.place(item.origin),
  };
}

const readBody = (reader: ZodReader, body: ObjectValue): Body => ({
  required: flagAt(body, 'required') === true,
  content: readContent(reader, body.properties.get('content')),
});

const readContent = (reader: ZodReader, content: Value | undefined): MediaType[] =>
  entriesOf(content).map(([type, media]) => ({
    type,
    schema: readMedia(reader, media),
    encoding: readEncoding(media),
  }));

const textSchema = (reader: ZodReader, format?: string): Schema => ({
  place: reader.place,
  types: ['string'],
  ...(format === undefined ? {} : { format }),
});

/** `json(Pet)`, `text(z.string(), () => Pet)`, `bytes`: runtime/body.ts. */
function readMedia(reader: ZodReader, media: Value): Schema {
  if (media.kind !== 'call') return textSchema(reader, 'binary');
  const [schema, second] = media.args;
  const kind = media.callee.kind === 'external' ? media.callee.path.at(-1) : undefined;
  if (kind === 'bytesOf' && schema !== undefined)
    return reader.readAny(reader.sources.call(schema, [])).schema;
  if (kind === 'text')
    return second === undefined
      ? reader.readAny(schema).schema
      : reader.readAny(reader.sources.call(second, [])).schema;
  return reader.readAny(schema).schema;
}

function readEncoding(media: Value): ReadonlyMap<string, FieldEncoding> {
  const written = media.kind === 'call' ? jsonOf(media.args[2]) : undefined;
  if (!isJsonObject(written)) return new Map();
  return new Map(Object.entries(written).map(([field, encoding]) => [field, encoding as FieldEncoding]));
}

function readResponses(
  reader: ZodReader,
  responses: Value | undefined,
  headers: Value | undefined,
): Response[] {
  return entriesOf(responses).map(([status, content]) => ({
    status,
    description: '',
    content: readContent(reader, content),
    headers: entriesOf(memberOf(headers, status)).map(([name, header]) => readHeader(reader, name, header)),
  }));
}

const readHeader = (reader: ZodReader, name: string, header: Value): Parameter => ({
  name,
  in: 'header',
  required: flagAt(header, 'required') === true,
  style: 'simple',
  explode: flagAt(header, 'explode') === true,
  deprecated: false,
  schema: reader.readAny(memberOf(header, 'schema')).schema,
  place: reader.place,
});

const readSecurity = (anyOf: Value | undefined): SecurityRequirement[] =>
  itemsOf(anyOf).map((requirement) =>
    entriesOf(requirement).map(([scheme, scopes]) => ({
      scheme,
      scopes: itemsOf(scopes).flatMap((scope) => textOf(scope) ?? []),
    })),
  );
