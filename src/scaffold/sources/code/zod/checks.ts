import { rangeOfFormat } from '../../../model/number-formats.ts';
import type { Place } from '../../../model/place.ts';
import type { Schema, SchemaKey } from '../../../model/schema.ts';
import type { CallValue, ObjectValue, Value } from '../value.ts';
import { textOf } from '../value.ts';
import { valuesSchema } from './builders.ts';
import { jsonOf, numberOf, patternOf } from './json.ts';
import type { ZodRead, ZodReader } from './reader.ts';
import { saysNothing, together } from './schemas.ts';

/** What generated services have for the keywords that Zod has no word for: templates/runtime/json-schema.ts. */
type Check = (reader: ZodReader, schema: Schema, args: readonly Value[]) => Schema;

type NumberKeyword = 'minLength' | 'maxLength' | 'multipleOf' | 'minProperties' | 'maxProperties';

const limit =
  (keyword: NumberKeyword): Check =>
  (_reader, schema, [value]) => {
    const number = numberOf(value);
    return number === undefined ? schema : { ...schema, [keyword]: number };
  };

const schemaTo =
  (keyword: 'propertyNames' | 'not' | 'unevaluatedProperties' | 'unevaluatedItems'): Check =>
  (reader, schema, [value]) => ({ ...schema, [keyword]: reader.readAny(value).schema });

const itemsOf = (value: Value | undefined): readonly Value[] => (value?.kind === 'list' ? value.items : []);

/** `[name, schema]` pairs. */
const pairsOf = (reader: ZodReader, pairs: readonly Value[]): [string, Schema][] =>
  pairs.map((pair) => {
    const [name, schema] = itemsOf(pair);
    return [textOf(name) ?? patternOf(name) ?? '', reader.readAny(schema).schema];
  });

const contains: Check = (reader, schema, [item, least, most]) => {
  const [min, max] = [numberOf(least), numberOf(most)];
  return {
    ...schema,
    contains: reader.readAny(item).schema,
    ...(min === undefined ? {} : { minContains: min }),
    ...(max === undefined ? {} : { maxContains: max }),
  };
};

const prefixItems: Check = (reader, schema, [prefix, rest]) => ({
  ...schema,
  prefixItems: itemsOf(prefix).map((item) => reader.readAny(item).schema),
  ...(rest === undefined ? {} : { items: reader.readAny(rest).schema }),
});

const ownProperties: Check = (reader, schema, [pairs]) => ({
  ...schema,
  properties: new Map([...(schema.properties ?? []), ...pairsOf(reader, itemsOf(pairs))]),
});

const required: Check = (_reader, schema, names) => ({
  ...schema,
  required: [...(schema.required ?? []), ...names.flatMap((name) => textOf(name) ?? [])],
});

/** The properties that are not named by the check were printed because they are required. */
const additionalProperties: Check = (reader, schema, [rest, named]) => {
  const names = new Set(itemsOf(named).map((name) => textOf(name)));
  const properties = new Map([...(schema.properties ?? [])].filter(([name]) => names.has(name)));
  return { ...schema, properties, additionalProperties: reader.readAny(rest).schema };
};

const ifThenElse: Check = (reader, schema, [condition, then, otherwise]) => {
  const branch = (value: Value | undefined): Schema | undefined =>
    value === undefined || (value.kind === 'constant' && value.value === undefined)
      ? undefined
      : reader.readAny(value).schema;
  const [held, not] = [branch(then), branch(otherwise)];
  return {
    ...schema,
    if: reader.readAny(condition).schema,
    ...(held === undefined ? {} : { then: held }),
    ...(not === undefined ? {} : { else: not }),
  };
};

const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...(['minLength', 'maxLength', 'multipleOf', 'minProperties', 'maxProperties'] as const).map(
    (keyword) => [keyword, limit(keyword)] as const,
  ),
  ...(['propertyNames', 'not', 'unevaluatedProperties', 'unevaluatedItems'] as const).map(
    (keyword) => [keyword, schemaTo(keyword)] as const,
  ),
  [
    'format',
    (_reader, schema, [name]) => {
      const format = textOf(name);
      return format === undefined ? schema : { ...schema, format };
    },
  ],
  ['uniqueItems', (_reader, schema) => ({ ...schema, uniqueItems: true })],
  ['contains', contains],
  ['prefixItems', prefixItems],
  ['ownProperties', ownProperties],
  ['required', required],
  [
    'patternProperties',
    (reader, schema, pairs) => ({ ...schema, patternProperties: new Map(pairsOf(reader, pairs)) }),
  ],
  ['additionalProperties', additionalProperties],
  [
    'dependentRequired',
    (_reader, schema, pairs) => ({
      ...schema,
      dependentRequired: new Map(
        pairs.map((pair) => {
          const [name, others] = itemsOf(pair);
          return [textOf(name) ?? '', itemsOf(others).flatMap((other) => textOf(other) ?? [])];
        }),
      ),
    }),
  ],
  [
    'dependentSchemas',
    (reader, schema, pairs) => ({ ...schema, dependentSchemas: new Map(pairsOf(reader, pairs)) }),
  ],
  ['ifThenElse', ifThenElse],
]);

/** A check of ours, by the name of its keyword; undefined for what is none. */
function apply(reader: ZodReader, read: ZodRead, arg: Value): ZodRead | undefined {
  if (arg.kind !== 'call' || !isHelper(arg.callee)) return undefined;
  const check = KEYWORDS.get(arg.callee.path.at(-1) ?? '');
  return check === undefined ? undefined : { ...read, schema: check(reader, read.schema, arg.args) };
}

const isHelper = (callee: CallValue['callee']): callee is Extract<Value, { kind: 'external' }> =>
  callee.kind === 'external' && HELPERS.test(callee.package);

/** Where a generated service has them. */
const HELPERS = /(?:^|\/)json-schema(?:-logic)?\.[jt]s$|^remarks$/;

type Helper = (reader: ZodReader, args: readonly Value[]) => ZodRead | undefined;

const byType: Helper = (reader, [table]) => {
  const parts = table?.kind === 'object' ? [...table.properties.values()] : [];
  const said = parts.map((part) => {
    const { types: _, place: __, ...keywords } = reader.readAny(part).schema;
    return keywords;
  });
  return { schema: Object.assign({ place: reader.place }, ...said) };
};

const checked: Helper = (reader, [base, ...checks]) =>
  checks.reduce<ZodRead>((read, check) => apply(reader, read, check) ?? read, reader.readAny(base));

const discriminated: Helper = (reader, [named, pairs]) => {
  const property = textOf(named) ?? '';
  const mapping = new Map<string, SchemaKey>();
  const alternatives = new Map<string, Schema>();
  for (const pair of itemsOf(pairs)) {
    const [value, part] = itemsOf(pair);
    const { schema } = reader.readAny(part);
    const tag = textOf(value);
    if (schema.ref !== undefined && tag !== undefined) mapping.set(tag, schema.ref);
    alternatives.set(schema.ref ?? String(alternatives.size), schema);
  }
  return {
    schema: { place: reader.place, oneOf: [...alternatives.values()], discriminator: { property, mapping } },
  };
};

/** What a comment says of a schema: emit/remarks.ts. */
const remark: Helper = (reader, [said, of]) => {
  const read = reader.readAny(of);
  if (said?.kind !== 'object') return read;
  const [format, pattern, fallback] = ['format', 'pattern', 'default'].map((name) =>
    jsonOf(said.properties.get(name)),
  );
  const discriminator = said.properties.get('discriminator');
  return {
    ...read,
    ...(jsonOf(said.properties.get('described')) === false ? { undescribed: true } : {}),
    schema: {
      ...(typeof format === 'string' ? { ...withoutRange(read.schema, format), format } : read.schema),
      ...(typeof pattern === 'string' ? { pattern } : {}),
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(discriminator?.kind === 'object' ? readMapping(reader, discriminator) : {}),
    },
  };
};

/** Limits that a format says already. */
function withoutRange(schema: Schema, format: string): Schema {
  const [least, most] = rangeOfFormat(format) ?? [];
  const { minimum, maximum, ...others } = schema;
  return {
    ...others,
    ...(minimum === undefined || minimum === least ? {} : { minimum }),
    ...(maximum === undefined || maximum === most ? {} : { maximum }),
  };
}

function readMapping(reader: ZodReader, { properties }: ObjectValue): Partial<Schema> {
  const mapping = new Map<string, SchemaKey>();
  const targets = properties.get('mapping');
  for (const [name, target] of targets?.kind === 'object' ? targets.properties : []) {
    const { ref } = reader.readAny(target).schema;
    if (ref !== undefined) mapping.set(name, ref);
  }
  return { discriminator: { property: textOf(properties.get('property')) ?? '', mapping } };
}

/** What stands first is what the schema says itself: emit/zod.ts prints that before what it includes. */
function besideFirst(place: Place, parts: readonly Schema[]): Schema {
  const [first, ...others] = parts;
  const isOwn =
    first !== undefined && !saysNothing(first) && INCLUDES.every((keyword) => first[keyword] === undefined);
  return isOwn && others.length > 0 ? { ...first, allOf: others } : together(place, parts);
}

/** What looks at more than its own, and would see the others. */
const INCLUDES = [
  ...(['ref', 'never', 'default', 'allOf', 'anyOf', 'oneOf', 'not', 'if'] as const),
  ...(['unevaluatedProperties', 'unevaluatedItems'] as const),
];

const SCHEMAS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['byType', byType],
  ['checked', checked],
  [
    'allOf',
    (reader, parts) => ({
      schema: besideFirst(
        reader.place,
        parts.map((part) => reader.readAny(part).schema),
      ),
    }),
  ],
  ['discriminated', discriminated],
  [
    'oneOfValues',
    (reader, [listed]) => {
      const values = jsonOf(listed);
      return Array.isArray(values) ? valuesSchema(reader, values) : undefined;
    },
  ],
  ['remark', remark],
]);

/** Reads a call of one of the functions that generated services have for schemas. */
function readHelper(reader: ZodReader, callee: Value, args: readonly Value[]): ZodRead | undefined {
  return isHelper(callee) ? SCHEMAS.get(callee.path.at(-1) ?? '')?.(reader, args) : undefined;
}

export const CHECKS = { apply, readHelper };
