import type { JsonObject } from '../../../model/json.ts';
import { rootOf } from '../interpret/calls.ts';
import { union } from '../types/schema.ts';
import type { ExternalValue, Value } from '../value.ts';
import type { SchemaContext } from './context.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { typeBoxSchema } from './typebox.ts';
import { isJoiSchema, joiSchema } from './validators/joi.ts';
import { variantOf } from './validators/joi-preferences.ts';
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
  let at = value;
  for (let left = MAX_LINKS; left > 0; left -= 1) {
    if (at.kind === 'choice') return left > MAX_LINKS - MAX_CHOICES && at.options.every(isSchemaTerm);
    if (at.kind === 'member') at = at.of;
    else if (at.kind !== 'call') return false;
    else if (at.callee.kind === 'external') return isMaker(at.callee);
    else if (at.callee.kind !== 'member' || USES.has(at.callee.name)) return false;
    else at = at.callee.of;
  }
  return false;
}

/** Longer chains are nobody's; what may be one of several stands near their beginning. */
const MAX_LINKS = 200;
const MAX_CHOICES = 20;

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
    reader !== undefined
      ? (reader(value, context) ?? unread(value, context))
      : isSchemaTerm(value)
        ? unread(value, context)
        : jsonSchemaOf(value, context);
  return reader !== undefined && reader !== zodSchema && name !== undefined
    ? named.refer(value, name, read, variantOf(context.joi))
    : read();
}

function unread(value: Value, { interpreter, origin }: SchemaContext): JsonObject {
  const at = value.kind === 'call' ? value.origin : origin;
  interpreter.report('SCF076', 'warning', 'a schema cannot be told: it allows everything', at);
  return {};
}
