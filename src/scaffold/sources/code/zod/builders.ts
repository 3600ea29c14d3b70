import type { JsonValue } from '../../../model/json.ts';
import type { JsonType, Schema } from '../../../model/schema.ts';
import { isOfType } from '../../openapi/values.ts';
import type { Value } from '../value.ts';
import { readDiscriminatedUnion, readEither } from './alternatives.ts';
import { NUMBER_BUILDERS, STRING_BUILDERS } from './formats.ts';
import { jsonOf } from './json.ts';
import { readObject } from './objects.ts';
import type { ZodRead, ZodReader } from './reader.ts';
import { saysNothing, together } from './schemas.ts';

/** Reads a call of one of Zod's functions. */
export type Builder = (reader: ZodReader, args: readonly Value[], path: string) => ZodRead | undefined;

const typed =
  (type: JsonType, more: Partial<Schema> = {}): Builder =>
  (reader) => ({ schema: { place: reader.place, types: [type], ...more } });

const anything: Builder = (reader) => ({ schema: { place: reader.place } });

/** What JSON has no value for; the contract says what it is usually written as. */
const foreign =
  (builder: Builder, what: string): Builder =>
  (reader, args, path) => {
    reader.report(`z.${path} is no value of JSON; the contract says ${what}`);
    return builder(reader, args, path);
  };

/** A function around a schema: `z.optional(z.string())`. */
const around =
  (change: (read: ZodRead, reader: ZodReader, args: readonly Value[]) => ZodRead): Builder =>
  (reader, args) =>
    change(reader.readAny(args[0]), reader, args);

/** The values of an enumeration. */
export function valuesSchema(reader: ZodReader, values: readonly JsonValue[]): ZodRead {
  const types = (['string', 'boolean', 'null', 'integer', 'number', 'array', 'object'] as const).filter(
    (type) => values.some((value) => isOfType(value, type)),
  );
  const isWhole = values.every((value) => typeof value !== 'number' || Number.isInteger(value));
  const kept = types.filter((type) => type !== (isWhole ? 'number' : 'integer'));
  return { schema: { place: reader.place, ...(kept.length > 0 ? { types: kept } : {}), values } };
}

const readEnum: Builder = (reader, [listed]) => {
  const json = jsonOf(listed);
  if (typeof json !== 'object' || json === null) return unknownValues(reader);
  if (Array.isArray(json)) return valuesSchema(reader, json);
  // A numeric enum of TypeScript maps its numbers back to its names.
  const entries = Object.entries(json).filter(([name]) => !/^\d+$/.test(name));
  return valuesSchema(
    reader,
    entries.map(([, value]) => value),
  );
};

function unknownValues(reader: ZodReader): ZodRead {
  reader.report('the values of an enumeration are not known here; anything is taken for it');
  return { schema: { place: reader.place } };
}

const readLiteral: Builder = (reader, [value]) => {
  const json = jsonOf(value);
  if (json === undefined) return unknownValues(reader);
  return valuesSchema(reader, Array.isArray(json) ? json : [json]);
};

const readArray: Builder = (reader, [item]) => {
  const { schema } = reader.readAny(item);
  const items = saysNothing(schema) ? {} : { items: schema };
  return { schema: { place: reader.place, types: ['array'], ...items } };
};

const readTuple: Builder = (reader, [listed, rest]) => {
  const items = listed?.kind === 'list' ? listed.items.map((item) => reader.readAny(item)) : [];
  const least = items.findLastIndex(({ optional }) => !optional) + 1;
  const further: Schema =
    rest === undefined ? { place: reader.place, never: true } : reader.readAny(rest).schema;
  return {
    schema: {
      place: reader.place,
      types: ['array'],
      ...(items.length > 0 ? { prefixItems: items.map(({ schema }) => schema) } : {}),
      items: further,
      ...(least > 0 ? { minItems: least } : {}),
    },
  };
};

/** `z.record(key, value)`; with a value alone in Zod 3. */
const readRecord: Builder = (reader, args, path) => {
  const [key, value] = args.length > 1 ? args : [undefined, args[0]];
  const { schema } = reader.readAny(value);
  const rest = saysNothing(schema) ? {} : { additionalProperties: schema };
  const object: Schema = { place: reader.place, types: ['object'], ...rest };
  const names = key === undefined ? undefined : reader.expand(reader.readAny(key)).schema;
  const { values, types, place: _, ...limits } = names ?? { place: object.place };
  if (values?.every((name) => typeof name === 'string') && path === 'record') {
    const properties = new Map(values.map((name) => [String(name), schema]));
    const required = [...properties.keys()];
    return {
      schema: { ...object, properties, required, additionalProperties: { place: object.place, never: true } },
    };
  }
  const judged = values === undefined && Object.keys(limits).length === 0;
  return {
    schema:
      judged || types?.includes('number') ? object : { ...object, ...(names && { propertyNames: names }) },
  };
};

const readLazy: Builder = (reader, [get]) =>
  get === undefined ? undefined : reader.read(reader.sources.call(get, []));

const WRAPPERS: readonly (readonly [string, Builder])[] = [
  ['optional', around((read) => ({ ...read, optional: true }))],
  ['exactOptional', around((read) => ({ ...read, optional: true }))],
  ['nonoptional', around(({ schema }) => ({ schema }))],
  ['nullable', around((read, reader) => reader.nullable(read))],
  ['nullish', around((read, reader) => ({ ...reader.nullable(read), optional: true }))],
  ['_default', around(withDefault)],
  ['default', around(withDefault)],
  ['prefault', around(withDefault)],
  ['readonly', around((read) => read)],
  ['pipe', around((read) => read)],
  ['effects', around((read) => read)],
  [
    'catch',
    around((read, reader) => {
      reader.report('what .catch() lets in instead is not in the contract');
      return { ...read, optional: true };
    }),
  ],
  [
    'preprocess',
    (reader, [, inner]) => {
      reader.report('what z.preprocess() makes of a value is not in the contract');
      return reader.readAny(inner);
    },
  ],
  [
    'instanceof',
    (reader, [of]) => {
      const name = of?.kind === 'external' ? (of.path.at(-1) ?? '') : '';
      if (/^(?:File|Blob|Buffer|Uint8Array)$/.test(name))
        return typed('string', { format: 'binary' })(reader, [], '');
      reader.report('z.instanceof() says nothing that a contract can say; anything is taken for it');
      return anything(reader, [], '');
    },
  ],
];

/** A default: a value, or a function that makes one. */
export function withDefault(read: ZodRead, reader: ZodReader, args: readonly Value[]): ZodRead {
  const given = args[1];
  const isMade = given?.kind === 'function' || given?.kind === 'host';
  const value = jsonOf(isMade ? reader.sources.call(given, []) : given);
  if (value === undefined) reader.report('a default is not known here; the contract does not say it');
  return {
    schema: value === undefined ? read.schema : { ...read.schema, default: value },
    optional: true,
  };
}

/** Zod's functions by the path below `z`. */
export const BUILDERS: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['string', typed('string')],
  ['boolean', typed('boolean')],
  ['null', typed('null')],
  ['stringbool', typed('string')],
  ['templateLiteral', typed('string')],
  ['date', typed('string', { format: 'date-time' })],
  ['file', typed('string', { format: 'binary' })],
  ...[...STRING_BUILDERS].map(([name, format]) => [name, typed('string', { format })] as const),
  ...[...NUMBER_BUILDERS].map(
    ([name, [type, format]]) => [name, typed(type, format === undefined ? {} : { format })] as const,
  ),
  ...['string', 'boolean'].map((name) => [`coerce.${name}`, typed(name as JsonType)] as const),
  ['coerce.number', typed('number')],
  ['coerce.bigint', typed('integer', { format: 'int64' })],
  ['coerce.date', typed('string', { format: 'date-time' })],
  ...['unknown', 'any', 'json'].map((name) => [name, anything] as const),
  ...['undefined', 'void'].map(
    (name) =>
      [
        name,
        (reader: ZodReader) => ({ schema: { place: reader.place, never: true as const }, optional: true }),
      ] as const,
  ),
  ['never', (reader) => ({ schema: { place: reader.place, never: true } })],
  ['literal', readLiteral],
  ['enum', readEnum],
  ['nativeEnum', readEnum],
  ['array', readArray],
  ['tuple', readTuple],
  [
    'set',
    foreign((reader, args, path) => uniqueItems(readArray(reader, args, path)), 'a list of different items'),
  ],
  ['map', foreign(readRecord, 'an object')],
  ...['record', 'partialRecord', 'looseRecord'].map((name) => [name, readRecord] as const),
  ...['object', 'looseObject', 'strictObject', 'interface'].map((name) => [name, readObject] as const),
  ...['union', 'xor'].map((name) => [name, readEither] as const),
  ['discriminatedUnion', readDiscriminatedUnion],
  [
    'intersection',
    (reader, args) => ({
      schema: together(
        reader.place,
        args.map((part) => reader.readAny(part).schema),
      ),
    }),
  ],
  ['lazy', readLazy],
  ...WRAPPERS,
]);

const uniqueItems = (read: ZodRead | undefined): ZodRead | undefined =>
  read === undefined ? undefined : { ...read, schema: { ...read.schema, uniqueItems: true } };
