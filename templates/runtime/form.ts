// Reads the fields of forms: each as the contract says that it is written, lists and objects in brackets too.
import { ApiError } from '../errors.js';
import { JsonText, type RawValue, type Style } from './parameters.js';
import { decodeComponent, Field, type RawQuery, readFields, readQuery } from './query.js';
import { convert, fromPairs, type Shape } from './shape.js';

/** How a field of a form is written, where the contract says so. */
export interface FieldEncoding {
  readonly contentType?: string;
  readonly style?: Style;
  readonly explode?: boolean;
}

/** By the names of the fields. */
export type FormEncoding = Readonly<Record<string, FieldEncoding>>;

/** The value of an `application/x-www-form-urlencoded` body, before its schema has judged it. */
export function readForm(content: string, shape: Shape, encoding: FormEncoding = {}): unknown {
  const fields = readQuery(content);
  const declared = propertiesOf(shape);
  const spread = spreadOf(declared, encoding);
  const pairs: [string, RawValue][] = [];
  for (const [name, own] of groups(fields, declared)) {
    const part = declared.get(name);
    const value = part === undefined ? undefined : readDeclared(name, part, own, fieldOf(encoding, name));
    if (value !== undefined) pairs.push([name, value]);
    else if (!spread.has(name)) pairs.push(...asWritten(own));
  }
  for (const [name, part] of declared) {
    if (fieldOf(encoding, name)?.style !== 'form' || !isObject(part)) continue;
    const value = readFields(new Field(name, part), fields, []);
    if (value !== undefined) pairs.push([name, value]);
  }
  return convert(fromPairs(pairs), shape);
}

const propertiesOf = (shape: Shape): ReadonlyMap<string, Shape> =>
  new Map(typeof shape === 'object' ? Object.entries(shape.properties ?? {}) : []);

const fieldOf = (encoding: FormEncoding, name: string): FieldEncoding | undefined =>
  Object.hasOwn(encoding, name) ? encoding[name] : undefined;

const isObject = (shape: Shape): boolean => typeof shape === 'object' && shape.properties !== undefined;
const isList = (shape: Shape): boolean => typeof shape === 'object' && shape.items !== undefined;

/** The names of the fields that objects in style `form` are spread over. */
function spreadOf(declared: ReadonlyMap<string, Shape>, encoding: FormEncoding): ReadonlySet<string> {
  const objects = [...declared].filter(
    ([name, part]) => isObject(part) && fieldOf(encoding, name)?.style === 'form',
  );
  return new Set(objects.flatMap(([, part]) => [...propertiesOf(part).keys()]));
}

/** The fields by the property they belong to: `tags`, `tags[]` and `tags[0]` are all of `tags`. */
function groups(fields: RawQuery, declared: ReadonlyMap<string, Shape>): Map<string, RawQuery> {
  const found = new Map<string, RawQuery>();
  for (const [field, values] of fields) {
    const at = field.endsWith(']') && !declared.has(field) ? field.indexOf('[') : -1;
    const root = at > 0 && declared.has(field.slice(0, at)) ? field.slice(0, at) : field;
    const own = found.get(root) ?? new Map<string, string[]>();
    found.set(root, own.set(field, values));
  }
  return found;
}

const asWritten = (own: RawQuery): [string, RawValue][] =>
  [...own].flatMap(([field, values]) =>
    values.map((value): [string, RawValue] => [field, decodeComponent(value)]),
  );

/**
 * OpenAPI 3.1, section 4.8.15.1: a style makes a field a parameter; without one it is written as its
 * media type, which for an object is JSON. Brackets are what most clients write in its place.
 */
function readDeclared(
  name: string,
  shape: Shape,
  own: RawQuery,
  encoding: FieldEncoding | undefined,
): RawValue | undefined {
  const values = own.get(name);
  if (values === undefined) {
    const nests = isObject(shape) || isList(shape);
    return nests ? readFields(new Field(name, shape, 'deepObject'), own, []) : undefined;
  }
  if (encoding?.style !== undefined) {
    const { style, explode = style === 'form' } = encoding;
    if (style === 'form' && explode && isObject(shape)) return undefined;
    return readFields(new Field(name, shape, style, explode), own, []);
  }
  const texts = values.map((value) => written(decodeComponent(value), shape, encoding));
  return texts.length === 1 ? texts[0] : texts;
}

/** A text that stands for a JSON document where the contract says so, or where nothing else can be meant. */
function written(text: string, shape: Shape, encoding: FieldEncoding | undefined): string | JsonText {
  if (encoding?.contentType !== undefined)
    return JSON_TYPE.test(encoding.contentType) ? new JsonText(text) : text;
  const inner = typeof shape === 'object' && shape.items !== undefined ? shape.items : shape;
  return isObject(inner) && /^\s*[[{]/.test(text) ? new JsonText(text) : text;
}

const JSON_TYPE = /^application\/(?:[^;,]+\+)?json\b/i;

/** The value of a `multipart/form-data` body: fields as text, files as File, parts of JSON parsed. */
export async function readMultipart(
  content: Buffer,
  contentType: string,
  shape: Shape,
  encoding: FormEncoding = {},
): Promise<unknown> {
  const declared = propertiesOf(shape);
  const texts: [string, RawValue][] = [];
  const files = new Map<string, unknown[]>();
  for (const [name, value] of await partsOf(content, contentType)) {
    if (typeof value !== 'string') files.set(name, [...(files.get(name) ?? []), await fileValue(value)]);
    else texts.push([name, written(value, declared.get(name) ?? 'string', fieldOf(encoding, name))]);
  }
  const fields = convert(fromPairs(texts), shape) as Record<string, unknown>;
  for (const [name, values] of files) {
    fields[name] = isList(declared.get(name) ?? 'string') || values.length > 1 ? values : values[0];
  }
  return fields;
}

async function partsOf(content: Buffer, contentType: string): Promise<Iterable<[string, string | Blob]>> {
  try {
    const headers = { 'content-type': contentType };
    return await new Response(new Uint8Array(content), { headers }).formData();
  } catch (cause) {
    throw new ApiError(400, 'MALFORMED_BODY', 'The body is not valid multipart/form-data', { cause });
  }
}

async function fileValue(part: Blob): Promise<unknown> {
  if (part.type !== 'application/json') return part;
  try {
    return JSON.parse(await part.text());
  } catch {
    return part;
  }
}
