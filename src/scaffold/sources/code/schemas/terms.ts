import type { JsonObject } from '../../../model/json.ts';
import { rootOf } from '../interpret/calls.ts';
import { union } from '../types/schema.ts';
import type { ExternalValue, Value } from '../value.ts';
import type { SchemaContext } from './context.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { typeBoxSchema } from './typebox.ts';
import { isJoiSchema, joiSchema } from './validators/joi.ts';
import { isYupSchema, yupSchema } from './validators/yup.ts';
import { zodSchema } from './zod.ts';

type TermReader = (value: Value, context: SchemaContext) => JsonObject | undefined;

/** Packages whose terms are schemas. */
const READERS: Readonly<Record<string, TermReader>> = {
  '@sinclair/typebox': typeBoxSchema,
  '@fastify/type-provider-typebox': typeBoxSchema,
  typebox: typeBoxSchema,
  zod: zodSchema,
  'zod/v4': zodSchema,
  'zod/v3': zodSchema,
  'zod/mini': zodSchema,
  joi: joiSchema,
  '@hapi/joi': joiSchema,
  celebrate: joiSchema,
  'koa-joi-router': joiSchema,
  yup: yupSchema,
};

/** Packages that have functions besides those that make schemas, by their names. */
const MAKES: Readonly<Record<string, (name: string, path: readonly string[]) => boolean>> = {
  joi: isJoiSchema,
  '@hapi/joi': isJoiSchema,
  celebrate: (name, path) => path.includes('Joi') && isJoiSchema(name),
  'koa-joi-router': (name, path) => path.includes('Joi') && isJoiSchema(name),
  yup: isYupSchema,
};

function isMaker({ package: from, path }: ExternalValue): boolean {
  if (readerOf(from) === undefined) return false;
  return Object.hasOwn(MAKES, from) ? (MAKES[from]?.(path.at(-1) ?? '', path) ?? false) : true;
}

/** Methods that use a schema: what they give is none. */
const USES: ReadonlySet<string> = new Set([
  'parse',
  'parseAsync',
  'safeParse',
  'safeParseAsync',
  'spa',
  'safeDecode',
  'decode',
  'encode',
  'validate',
  'validateAsync',
  'validateSync',
  'isValid',
  'isValidSync',
]);

/** Whether a value is a schema of a package that we read. */
export function isSchemaTerm(value: Value): boolean {
  if (value.kind === 'choice') return value.options.every(isSchemaTerm);
  if (value.kind === 'member')
    return isSchemaTerm(value.of) || (value.of.kind === 'member' && isSchemaTerm(value.of.of));
  if (value.kind !== 'call') return false;
  const { callee } = value;
  if (callee.kind === 'member') return !USES.has(callee.name) && isSchemaTerm(callee.of);
  return callee.kind === 'external' && isMaker(callee);
}

const readerOf = (name: string): TermReader | undefined =>
  Object.hasOwn(READERS, name) ? READERS[name] : undefined;

/** The schema that a value says: a term of a package, or JSON Schema as it is written. */
export function schemaOfTerm(value: Value, context: SchemaContext): JsonObject {
  const { interpreter, named } = context;
  if (value.kind === 'choice' && value.options.every(isSchemaTerm))
    return union(value.options.map((option) => schemaOfTerm(option, context)));
  const root = rootOf(value);
  const term = value.kind === 'choice' ? value.options.map(rootOf)[0] : root;
  const reader = term?.kind === 'external' && isSchemaTerm(value) ? readerOf(term.package) : undefined;
  const name = interpreter.names.get(value);
  const read = (): JsonObject =>
    reader === undefined ? jsonSchemaOf(value, context) : (reader(value, context) ?? unread(value, context));
  return reader !== undefined && reader !== zodSchema && name !== undefined
    ? named.refer(value, name, read)
    : read();
}

function unread(value: Value, { interpreter, origin }: SchemaContext): JsonObject {
  const at = value.kind === 'call' ? value.origin : origin;
  interpreter.report('SCF076', 'warning', 'a schema cannot be told: it allows everything', at);
  return {};
}
