import { isJsonObject, type JsonObject, type JsonValue, own, stringAt } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { referenceHasSiblings } from './dialect.ts';
import { readDiscriminator } from './discriminator.ts';
import { applyNullable } from './nullable.ts';
import type { Site } from './references.ts';
import { resolved } from './resolved.ts';
import { objectKeyword, type SchemaContext, type SchemaReader } from './schemas.ts';
import { readTypes, readValues } from './values.ts';

/** The model's schema while it is being put together. */
export type SchemaDraft = { -readonly [Keyword in keyof Schema]: Schema[Keyword] };

/** Reads a schema object of the reader's dialect, keyword by keyword. */
export function readKeywords(reader: SchemaReader, context: SchemaContext, raw: JsonObject): Schema {
  const draft: SchemaDraft = { place: context.site.place };
  const reference = stringAt(raw, '$ref');
  const key = reference === undefined ? undefined : reader.referIfUsed(reference, context);
  if (key !== undefined) draft.ref = key;
  if (reference === undefined || referenceHasSiblings(reader.dialect)) {
    readTypesAndValues(reader, context.site, raw, draft);
    readLimits(reader, context.site, raw, draft);
    readParts(reader, context, raw, draft);
    readLogic(reader, context, raw, draft);
    readNotes(raw, draft);
  }
  if (reader.dialect === 'openapi-3.1') return draft;
  implyType(reader, context.site, draft);
  return isNullable(raw) ? applyNullable(draft) : draft;
}

/**
 * In the older dialects a schema with properties but no type means an object: documents leave it out
 * so often, PayPal's throughout, that the letter of JSON Schema (any value but an object passes) would
 * be of no use. OpenAPI 3.1 documents are read to the letter.
 */
function implyType(reader: SchemaReader, site: Site, draft: SchemaDraft): void {
  if (draft.types !== undefined || draft.values !== undefined) return;
  const implied =
    draft.properties || draft.additionalProperties ? 'object' : draft.items ? 'array' : undefined;
  if (implied === undefined) return;
  draft.types = [implied];
  reader.report('SCF014', 'info', `there is no type; ${implied} is assumed`, site);
}

/** `nullable` is OpenAPI 3.0's; `x-nullable` is what Swagger 2.0 documents say for it. */
const isNullable = (raw: JsonObject): boolean =>
  own(raw, 'nullable') === true || own(raw, 'x-nullable') === true;

function readTypesAndValues(reader: SchemaReader, site: Site, raw: JsonObject, draft: SchemaDraft): void {
  const types = readTypes(reader, site, raw);
  if (types !== undefined) draft.types = types;
  const values = readValues(reader, site, raw, types);
  if (values !== undefined) draft.values = values;
}

/** Keywords whose value is a number of at least this much; undefined: any number. */
const NUMBERS = {
  multipleOf: Number.MIN_VALUE,
  minimum: undefined,
  maximum: undefined,
  minLength: 0,
  maxLength: 0,
  minItems: 0,
  maxItems: 0,
  minContains: 0,
  maxContains: 0,
  minProperties: 0,
  maxProperties: 0,
} as const satisfies Partial<Record<keyof Schema, number | undefined>>;

function readLimits(reader: SchemaReader, site: Site, raw: JsonObject, draft: SchemaDraft): void {
  for (const [keyword, least] of Object.entries(NUMBERS)) {
    const value = own(raw, keyword);
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && (least === undefined || value >= least)) {
      draft[keyword as keyof typeof NUMBERS] = value;
    } else reportIgnored(reader, site, keyword, value);
  }
  readExclusive(raw, draft, 'exclusiveMinimum', 'minimum');
  readExclusive(raw, draft, 'exclusiveMaximum', 'maximum');
  if (own(raw, 'uniqueItems') === true) draft.uniqueItems = true;
  const format = stringAt(raw, 'format');
  if (format !== undefined) draft.format = format;
  const pattern = own(raw, 'pattern');
  if (typeof pattern === 'string') draft.pattern = pattern;
  else if (pattern !== undefined) reportIgnored(reader, site, 'pattern', pattern);
}

/** Draft 4 says `exclusiveMinimum: true` beside `minimum`; later drafts give the number itself. */
function readExclusive(
  raw: JsonObject,
  draft: SchemaDraft,
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  inclusive: 'minimum' | 'maximum',
): void {
  const value = own(raw, exclusive);
  if (typeof value === 'number') draft[exclusive] = value;
  if (value !== true || draft[inclusive] === undefined) return;
  draft[exclusive] = draft[inclusive];
  delete draft[inclusive];
}

function reportIgnored(reader: SchemaReader, site: Site, keyword: string, value: JsonValue): void {
  const shown = JSON.stringify(value).slice(0, 60);
  reader.report('SCF007', 'warning', `${keyword} cannot be ${shown}; it is ignored`, site);
}

const SINGLE_PARTS = [
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
] as const;

function readParts(reader: SchemaReader, context: SchemaContext, raw: JsonObject, draft: SchemaDraft): void {
  for (const keyword of SINGLE_PARTS) {
    if (own(raw, keyword) === undefined) continue;
    draft[keyword] = reader.readWithin(reader.part(context, keyword));
  }
  readItems(reader, context, raw, draft);
  for (const keyword of ['properties', 'patternProperties', 'dependentSchemas'] as const) {
    if (objectKeyword(raw, keyword) === undefined) continue;
    const part = reader.part(context, keyword);
    // Documents split into files put a reference in place of the whole map: a schema is never a string.
    const parts = { ...part, site: resolved(reader, part.site) };
    if (!isJsonObject(parts.site.value)) continue;
    const names = Object.keys(parts.site.value);
    draft[keyword] = new Map(names.map((name) => [name, reader.readWithin(reader.part(parts, name))]));
  }
  const required = own(raw, 'required');
  if (Array.isArray(required)) draft.required = stringsOf(required);
  const dependent = objectKeyword(raw, 'dependentRequired');
  if (dependent !== undefined) {
    draft.dependentRequired = new Map(
      Object.entries(dependent).map(([name, list]) => [name, stringsOf(list)]),
    );
  }
}

const stringsOf = (list: JsonValue): string[] =>
  Array.isArray(list) ? [...new Set(list.filter((item) => typeof item === 'string'))] : [];

/** An array under `items` is how drafts before 2020-12 wrote `prefixItems`. */
function readItems(reader: SchemaReader, context: SchemaContext, raw: JsonObject, draft: SchemaDraft): void {
  const items = own(raw, 'items');
  const prefixKey = Array.isArray(items) ? 'items' : 'prefixItems';
  const prefix = own(raw, prefixKey);
  if (Array.isArray(prefix)) {
    draft.prefixItems = prefix.map((_, at) => reader.readWithin(reader.part(context, prefixKey, at)));
  }
  const restKey = Array.isArray(items) ? 'additionalItems' : 'items';
  if (own(raw, restKey) !== undefined) draft.items = reader.readWithin(reader.part(context, restKey));
}

function readLogic(reader: SchemaReader, context: SchemaContext, raw: JsonObject, draft: SchemaDraft): void {
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = own(raw, keyword);
    if (!Array.isArray(list) || list.length === 0) continue;
    draft[keyword] = list.map((_, at) => reader.readWithin(reader.part(context, keyword, at)));
  }
  for (const keyword of ['not', 'if', 'then', 'else'] as const) {
    if (own(raw, keyword) === undefined) continue;
    draft[keyword] = reader.readWithin(reader.part(context, keyword));
  }
  const dynamic = stringAt(raw, '$dynamicRef');
  const dynamicKey = dynamic === undefined ? undefined : reader.referIfUsed(dynamic, context, true);
  if (dynamicKey !== undefined) {
    draft.allOf = [...(draft.allOf ?? []), { place: context.site.place, ref: dynamicKey }];
  }
  const discriminator = readDiscriminator(reader, context, raw, draft);
  if (discriminator !== undefined) draft.discriminator = discriminator;
}

function readNotes(raw: JsonObject, draft: SchemaDraft): void {
  const description = stringAt(raw, 'description') ?? stringAt(raw, 'title');
  if (description !== undefined) draft.description = description;
  if (own(raw, 'deprecated') === true) draft.deprecated = true;
  if (own(raw, 'readOnly') === true) draft.readOnly = true;
  if (own(raw, 'writeOnly') === true) draft.writeOnly = true;
  const fallback = own(raw, 'default');
  if (fallback !== undefined) draft.default = fallback;
}

/** Whether a schema says anything about values at all. */
export const saysNothing = (schema: Schema): boolean => Object.keys(schema).every((key) => NOTES.has(key));

const NOTES: ReadonlySet<string> = new Set<keyof Schema>([
  'place',
  'description',
  'deprecated',
  'default',
  'readOnly',
  'writeOnly',
]);
