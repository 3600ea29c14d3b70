import { isJsonObject, type JsonObject, type JsonValue, own } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { isJsonSchema2020 } from './dialect.ts';
import { readDiscriminator } from './discriminator.ts';
import { applyNullable } from './nullable.ts';
import { enterKey, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaContext, SchemaReader } from './schemas.ts';
import { readTypes, readValues } from './values.ts';

/** The model's schema while it is being put together. */
export type SchemaDraft = { -readonly [Keyword in keyof Schema]: Schema[Keyword] };

/** Reads one keyword of a schema into the draft. */
type KeywordReader = (
  value: JsonValue,
  draft: SchemaDraft,
  keyword: string,
  reader: SchemaReader,
  context: SchemaContext,
) => void;

/** Reads a schema object of the reader's dialect: what it says, and what its combination of keywords means. */
export function readKeywords(reader: SchemaReader, context: SchemaContext, raw: JsonObject): Schema {
  const draft: SchemaDraft = { place: context.site.place };
  const isReference = typeof raw['$ref'] === 'string' && Object.hasOwn(raw, '$ref');
  if (isReference && !isJsonSchema2020(reader.dialect)) {
    readReference(raw['$ref'] ?? null, draft, '$ref', reader, context);
  } else {
    for (const keyword of Object.keys(raw)) {
      const value = raw[keyword];
      if (value !== undefined) READERS.get(keyword)?.(value, draft, keyword, reader, context);
    }
    settle(reader, context, raw, draft);
  }
  if (isJsonSchema2020(reader.dialect)) return draft;
  implyType(reader, context.site, draft);
  return isNullable(raw) ? applyNullable(draft) : draft;
}

/** What needs more than one keyword to be read. */
function settle(reader: SchemaReader, context: SchemaContext, raw: JsonObject, draft: SchemaDraft): void {
  const { site } = context;
  const types = raw['type'] === undefined ? undefined : readTypes(reader, site, raw);
  if (types !== undefined) draft.types = types;
  if (raw['enum'] !== undefined || raw['const'] !== undefined) {
    const values = readValues(reader, site, raw, types);
    if (values !== undefined) draft.values = values;
  }
  settleExclusive(raw, draft, 'exclusiveMinimum', 'minimum');
  settleExclusive(raw, draft, 'exclusiveMaximum', 'maximum');
  if (raw['discriminator'] === undefined) return;
  const discriminator = readDiscriminator(reader, context, raw, draft);
  if (discriminator !== undefined) draft.discriminator = discriminator;
}

/** Draft 4 says `exclusiveMinimum: true` beside `minimum`; later drafts give the number itself. */
function settleExclusive(
  raw: JsonObject,
  draft: SchemaDraft,
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  inclusive: 'minimum' | 'maximum',
): void {
  if (raw[exclusive] !== true || draft[inclusive] === undefined) return;
  draft[exclusive] = draft[inclusive];
  delete draft[inclusive];
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

const readReference: KeywordReader = (value, draft, _keyword, reader, context) => {
  if (typeof value !== 'string') return reportIgnored(reader, context.site, '$ref', value);
  const key = reader.referIfUsed(value, context);
  if (key !== undefined) draft.ref = key;
};

const readDynamicReference: KeywordReader = (value, draft, keyword, reader, context) => {
  if (typeof value !== 'string') return reportIgnored(reader, context.site, keyword, value);
  const key = reader.referIfUsed(value, context, true);
  if (key !== undefined) draft.allOf = [...(draft.allOf ?? []), { place: context.site.place, ref: key }];
};

type NumberKeyword =
  | 'multipleOf'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minContains'
  | 'maxContains'
  | 'minProperties'
  | 'maxProperties';

const numberFrom =
  (least: number): KeywordReader =>
  (value, draft, keyword, reader, { site }) => {
    if (typeof value === 'number' && value >= least) draft[keyword as NumberKeyword] = value;
    // A boolean is how Draft 4 writes the exclusive limits.
    else if (value !== null && typeof value !== 'boolean') reportIgnored(reader, site, keyword, value);
  };

/** What is written as null is as good as absent: generators of documents do so. */
function reportIgnored(reader: SchemaReader, site: Site, keyword: string, value: JsonValue): void {
  if (value === null) return;
  const shown = JSON.stringify(value).slice(0, 60);
  const written = enterKey(site, keyword);
  reader.report('SCF007', 'warning', `${keyword} cannot be ${shown}; it is ignored`, written);
}

const textTo =
  (keyword: 'pattern' | 'format'): KeywordReader =>
  (value, draft, _keyword, reader, { site }) => {
    if (typeof value === 'string') draft[keyword] = value;
    else reportIgnored(reader, site, keyword, value);
  };

const flagTo =
  (keyword: 'uniqueItems' | 'deprecated' | 'readOnly' | 'writeOnly'): KeywordReader =>
  (value, draft, _keyword, reader, { site }) => {
    if (value === true) draft[keyword] = true;
    else if (value !== false) reportIgnored(reader, site, keyword, value);
  };

type PartKeyword =
  | 'contains'
  | 'unevaluatedItems'
  | 'additionalProperties'
  | 'propertyNames'
  | 'unevaluatedProperties'
  | 'not'
  | 'if'
  | 'then'
  | 'else';

const readPart: KeywordReader = (_value, draft, keyword, reader, context) => {
  draft[keyword as PartKeyword] = reader.readWithin(reader.part(context, keyword));
};

const readList: KeywordReader = (value, draft, keyword, reader, context) => {
  if (!Array.isArray(value) || value.length === 0) return reportIgnored(reader, context.site, keyword, value);
  const list = reader.part(context, keyword);
  const parts = value.map((_, at) => reader.readWithin(reader.part(list, at)));
  const target = keyword as 'allOf' | 'anyOf' | 'oneOf';
  // A $dynamicRef that was read before stands in the same list.
  draft[target] = target === 'allOf' ? [...(draft.allOf ?? []), ...parts] : parts;
};

const readPartMap: KeywordReader = (value, draft, keyword, reader, context) => {
  if (!isJsonObject(value)) return reportIgnored(reader, context.site, keyword, value);
  const part = reader.part(context, keyword);
  // Documents split into files put a reference in place of the whole map: a schema is never a string.
  const parts = { ...part, site: resolved(reader, part.site) };
  if (!isJsonObject(parts.site.value)) return;
  const entries = new Map<string, Schema>();
  for (const name of Object.keys(parts.site.value)) {
    entries.set(name, reader.readWithin(reader.part(parts, name)));
  }
  draft[keyword as 'properties' | 'patternProperties' | 'dependentSchemas'] = entries;
};

/** An array under `items` is how drafts before 2020-12 wrote `prefixItems`. */
const readItems: KeywordReader = (value, draft, keyword, reader, context) => {
  if (!Array.isArray(value)) {
    draft.items = reader.readWithin(reader.part(context, keyword));
    return;
  }
  const list = reader.part(context, keyword);
  draft.prefixItems = value.map((_, at) => reader.readWithin(reader.part(list, at)));
  if (isJsonObject(context.site.value) && own(context.site.value, 'additionalItems') !== undefined) {
    draft.items = reader.readWithin(reader.part(context, 'additionalItems'));
  }
};

const stringsOf = (list: JsonValue): string[] =>
  Array.isArray(list) ? [...new Set(list.filter((item) => typeof item === 'string'))] : [];

/** Keywords of older drafts that 2020-12 has replaced: not read, and not passed over in silence. */
const reportReplaced: KeywordReader = (_value, _draft, keyword, reader, { site }) => {
  reader.report('SCF008', 'warning', `${keyword} is a keyword of an older draft; it is not checked`, site);
};

const READERS: ReadonlyMap<string, KeywordReader> = new Map<string, KeywordReader>([
  ['$ref', readReference],
  ['$dynamicRef', readDynamicReference],
  ['dependencies', reportReplaced],
  ['$recursiveRef', reportReplaced],
  ['multipleOf', numberFrom(Number.MIN_VALUE)],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map(
    (keyword) => [keyword, numberFrom(Number.NEGATIVE_INFINITY)] as const,
  ),
  ...['Length', 'Items', 'Contains', 'Properties']
    .flatMap((what) => [`min${what}`, `max${what}`])
    .map((keyword) => [keyword, numberFrom(0)] as const),
  ['pattern', textTo('pattern')],
  ['format', textTo('format')],
  ['uniqueItems', flagTo('uniqueItems')],
  ['deprecated', flagTo('deprecated')],
  ['readOnly', flagTo('readOnly')],
  ['writeOnly', flagTo('writeOnly')],
  ...['contains', 'unevaluatedItems', 'additionalProperties', 'propertyNames', 'unevaluatedProperties'].map(
    (keyword) => [keyword, readPart] as const,
  ),
  ...['not', 'if', 'then', 'else'].map((keyword) => [keyword, readPart] as const),
  ...['allOf', 'anyOf', 'oneOf'].map((keyword) => [keyword, readList] as const),
  ...['properties', 'patternProperties', 'dependentSchemas'].map(
    (keyword) => [keyword, readPartMap] as const,
  ),
  ['items', readItems],
  ['prefixItems', readItems],
  [
    'required',
    (value, draft, keyword, reader, { site }) => {
      if (Array.isArray(value)) draft.required = stringsOf(value);
      // Swagger 2.0 parameters have a boolean of the same name.
      else if (reader.dialect !== 'swagger-2.0') reportIgnored(reader, site, keyword, value);
    },
  ],
  [
    'dependentRequired',
    (value, draft, keyword, reader, { site }) => {
      if (!isJsonObject(value)) return reportIgnored(reader, site, keyword, value);
      draft.dependentRequired = new Map(Object.entries(value).map(([name, list]) => [name, stringsOf(list)]));
    },
  ],
  [
    'default',
    (value, draft) => {
      draft.default = value;
    },
  ],
  [
    'example',
    (value, draft) => {
      draft.examples = [value, ...(draft.examples ?? [])];
    },
  ],
  [
    'examples',
    (value, draft) => {
      if (Array.isArray(value)) draft.examples = [...(draft.examples ?? []), ...value];
    },
  ],
  [
    'description',
    (value, draft) => {
      if (typeof value === 'string') draft.description = value;
    },
  ],
  [
    'title',
    (value, draft) => {
      if (typeof value === 'string') draft.description ??= value;
    },
  ],
]);
