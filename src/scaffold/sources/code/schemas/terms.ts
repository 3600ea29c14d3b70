import type { JsonObject } from '../../../model/json.ts';
import { rootOf } from '../interpret/calls.ts';
import type { Value } from '../value.ts';
import type { SchemaContext } from './context.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { typeBoxSchema } from './typebox.ts';

type TermReader = (value: Value, context: SchemaContext) => JsonObject | undefined;

/** Packages whose terms are schemas. */
const READERS: Readonly<Record<string, TermReader>> = {
  '@sinclair/typebox': typeBoxSchema,
  '@fastify/type-provider-typebox': typeBoxSchema,
  typebox: typeBoxSchema,
};

/** Whether a value is a schema of a package that we read. */
export function isSchemaTerm(value: Value): boolean {
  const root = rootOf(value);
  return root?.kind === 'external' && value.kind !== 'external' && Object.hasOwn(READERS, root.package);
}

/** The schema that a value says: a term of a package, or JSON Schema as it is written. */
export function schemaOfTerm(value: Value, context: SchemaContext): JsonObject {
  const { interpreter, named } = context;
  const root = rootOf(value);
  const reader =
    root?.kind === 'external' && Object.hasOwn(READERS, root.package) ? READERS[root.package] : undefined;
  const name = interpreter.names.get(value);
  const read = (): JsonObject =>
    reader === undefined ? jsonSchemaOf(value, context) : (reader(value, context) ?? unread(value, context));
  return reader !== undefined && name !== undefined ? named.refer(value, name, read) : read();
}

function unread(value: Value, { interpreter, origin }: SchemaContext): JsonObject {
  const at = value.kind === 'call' ? value.origin : origin;
  interpreter.report('SCF076', 'warning', 'a schema cannot be told: it allows everything', at);
  return {};
}
