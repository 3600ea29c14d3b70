// Statements are asked for again and again with other values: what they say is put together once.
import type { RawBuilder } from 'kysely';
import { type Database, send } from './database.js';

/** A part of a statement. Parts of one key say the same, of as many values. */
export interface Part {
  readonly key: string;
  /** The parameters in the order in which `sql` has them. */
  readonly values: readonly string[];
  readonly sql: () => RawBuilder<unknown>;
}

/** No name of a table or column holds it, so that no two keys are taken for one. */
export const SEPARATOR = '\0';

/** What tells a statement of these parts from others of the same form. Every list is looked up by it: no list is made for it. */
export function keyOfParts(form: string, parts: readonly Part[]): string {
  let key = form;
  for (const part of parts) key += SEPARATOR + part.key;
  return key;
}

export function valuesOfParts(parts: readonly Part[]): string[] {
  const values: string[] = [];
  for (const part of parts) values.push(...part.values);
  return values;
}

/** Clients decide about filters and orders: what is known has to end somewhere. */
const MAX_KNOWN = 1000;
const MAX_LENGTH = 20_000;

const known = new Map<string, string>();

/** The rows of a statement, which the key and the values tell from every other one. */
export function rowsOf<Row>(
  db: Database,
  key: string,
  values: readonly unknown[],
  build: () => RawBuilder<Row>,
): Promise<readonly Row[]> {
  return send(db, known.get(key) ?? compile(db, key, values, build()), values);
}

function compile(db: Database, key: string, values: readonly unknown[], built: RawBuilder<unknown>): string {
  const { sql, parameters } = built.compile(db);
  // What is kept will be run with other values: they must be all there are.
  if (parameters.length !== values.length || parameters.some((value, at) => value !== values[at]))
    throw new Error(`the values of ${key} are not those of its parts`);
  if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value ?? '');
  if (sql.length <= MAX_LENGTH) known.set(key, sql);
  return sql;
}
