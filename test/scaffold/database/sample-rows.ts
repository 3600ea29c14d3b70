import type { JsonValue } from '../../../src/scaffold/model/json.ts';
import type { Column, Resource } from '../../../src/scaffold/sources/postgres/resource.ts';
import type { DirectConnection } from './places.ts';
import { sampleValue } from './sample-values.ts';

/** A row as the service takes it. */
export type SampleRow = Readonly<Record<string, JsonValue>>;

/** The row that is made, changed and deleted; the others stay, so that references to them hold. */
export const OURS = 4;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const tableOf = ({ schema, table }: Resource): string => `${quoted(schema)}.${quoted(table)}`;

/** The columns that a row is made of by hand: identities that are always generated are given all the same. */
const given = (resource: Resource): Resource['columns'] =>
  resource.columns.filter(({ name, written }) => written !== 'never' || resource.key.includes(name));

/** Runs work without foreign keys and triggers being looked at. */
export async function unchecked<T>(direct: DirectConnection, work: () => Promise<T>): Promise<T> {
  await direct.query("SET session_replication_role = 'replica'");
  try {
    return await work();
  } finally {
    await direct.query("SET session_replication_role = 'origin'");
  }
}

/** As the service writes it, but by hand. */
export async function insertRow(
  direct: DirectConnection,
  resource: Resource,
  row: SampleRow,
  returning = '',
): Promise<void> {
  const columns = given(resource).filter(({ name }) => Object.hasOwn(row, name));
  const values = columns.map(({ name, type }) => [name, byHand(type.read, row[name] ?? null)]);
  const names = columns.map(({ name }) => quoted(name));
  const types = columns.map(({ name, type }) => `${quoted(name)} ${type.sql}`);
  await direct.query(
    `INSERT INTO ${tableOf(resource)} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
     SELECT ${names.join(', ')} FROM jsonb_to_record($1::text::jsonb) AS v(${types.join(', ')}) ${returning}`,
    [JSON.stringify(Object.fromEntries(values))],
  );
}

const byHand = (read: Column['type']['read'], value: JsonValue): JsonValue =>
  read === 'base64' && typeof value === 'string'
    ? `\\x${Buffer.from(value, 'base64').toString('hex')}`
    : value;

/**
 * Puts the rows 1 to 4 into a table. Samples that a CHECK refuses are changed until it takes them: what it
 * compares with stands in its definition. Answers with the rows, or with why PostgreSQL takes none.
 * Rows that are known are put there as they are.
 */
export function seedRows(
  direct: DirectConnection,
  resource: Resource,
  known?: readonly SampleRow[] | Error,
): Promise<readonly SampleRow[] | Error> {
  if (known instanceof Error) return Promise.resolve(known);
  return unchecked(direct, async () => {
    await numberBehind(direct, resource);
    if (known !== undefined) {
      for (const row of known) await insertRow(direct, resource, row);
      return known;
    }
    const rows: SampleRow[] = [];
    let changes: SampleRow = {};
    for (let n = 1; n <= OURS; n += 1) {
      const row = { ...sampleRow(resource, n), ...sameForAll(resource, changes) };
      const refused = await insertRow(direct, resource, row).then(
        () => undefined,
        (error: Error) => error,
      );
      if (refused === undefined) {
        rows.push(row);
        continue;
      }
      const found = await search(direct, resource, n, refused);
      if (found instanceof Error) return found;
      changes = { ...changes, ...found.changes };
      rows.push(found.row);
    }
    return rows;
  });
}

/** What the service makes gets no key of these rows, though nobody counted them. */
async function numberBehind(direct: DirectConnection, resource: Resource): Promise<void> {
  for (const { name, written } of resource.columns)
    if (written === 'never' && resource.key.includes(name))
      await direct.query(
        'SELECT setval(sequence, 100) FROM pg_get_serial_sequence($1, $2) AS sequence WHERE sequence IS NOT NULL',
        [tableOf(resource), name],
      );
}

const sampleRow = (resource: Resource, n: number): SampleRow =>
  Object.fromEntries(given(resource).map((column) => [column.name, sampleValue(column, n)]));

/** What one row had to be changed in is changed in the others too, but for keys. */
const sameForAll = ({ key }: Resource, changes: SampleRow): SampleRow =>
  Object.fromEntries(Object.entries(changes).filter(([name]) => !key.includes(name)));

interface Found {
  readonly row: SampleRow;
  readonly changes: SampleRow;
}

/** So many rows are tried before a table is given up. */
const MAX_TRIES = 200;

/** Tries other values for the columns of the constraint that refused, and so on for the next one. */
async function search(
  direct: DirectConnection,
  resource: Resource,
  n: number,
  refused: Error,
): Promise<Found | Error> {
  const start = sampleRow(resource, n);
  let queue: readonly SampleRow[] = [{}];
  let last = refused;
  const seen = new Set<string>();
  for (let tries = 0; tries < MAX_TRIES && queue.length > 0; tries += 1) {
    const [changes = {}, ...rest] = queue;
    const row = { ...start, ...changes };
    const error = await insertRow(direct, resource, row).then(
      () => undefined,
      (failure: Error) => failure,
    );
    if (error === undefined) return { row, changes };
    // A value that its type does not take leads nowhere.
    if ('code' in error && String(error.code).startsWith('22')) continue;
    last = error;
    const more = await alternatives(direct, resource, error, changes);
    const fresh = more.filter((each) => !seen.has(JSON.stringify(each)));
    for (const each of fresh) seen.add(JSON.stringify(each));
    // A change that leads to another constraint is on the way; what changes nothing is left for later.
    queue = constraintOf(error) === constraintOf(refused) ? [...rest, ...fresh] : [...fresh, ...rest];
  }
  return last;
}

const constraintOf = (error: Error): string =>
  'constraint' in error && typeof error.constraint === 'string' ? error.constraint : error.message;

/** Values that the constraint may like better, one column at a time. */
async function alternatives(
  direct: DirectConnection,
  resource: Resource,
  error: Error,
  changes: SampleRow,
): Promise<SampleRow[]> {
  // Without a constraint, it is the bounds of partitions that no sample is within.
  const { rows } = await direct.query(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = $1
     UNION ALL SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass($2) AND c.relpartbound IS NOT NULL`,
    [constraintOf(error), tableOf(resource)],
  );
  const definition = rows.map((row) => (row as { definition: string }).definition).join(' ');
  const literals = [...definition.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  );
  const numbers = [...new Set([...definition.matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text)))];
  const named = given(resource).filter(({ name }) => definition.includes(name));
  const tried = (named.length > 0 ? named : given(resource)).flatMap((column) =>
    candidates(column, literals, numbers).map((value, at) => ({
      at,
      changes: { ...changes, [column.name]: value },
    })),
  );
  // Every column has its turn.
  return tried.sort((one, other) => one.at - other.at).map((each) => each.changes);
}

/** Other values of a column. */
function candidates(column: Column, literals: readonly string[], numbers: readonly number[]): JsonValue[] {
  const { type, nullable } = column;
  const kind = Array.isArray(type.schema['type']) ? type.schema['type'][0] : type.schema['type'];
  const missing = nullable ? [null] : [];
  if (type.sql.endsWith('[]')) return [...missing, ...literals.map((text) => [text]), ['1'], [1]];
  if (kind === 'boolean') return [...missing, true, false];
  if (kind === 'integer') return [...missing, ...numbers.flatMap((n) => [n, n + 1, n - 1]), 0];
  if (/^(?:numeric|bigint)/.test(type.sql))
    return [...missing, ...numbers.flatMap((n) => [n, n + 1, n - 1]).map(String), '0', '0.5'];
  if (kind !== 'string') return [...missing, ...numbers, {}, []];
  if (/^(?:date|time)/.test(type.sql)) {
    // PostgreSQL takes a date for a time stamp, the service only what it would give itself.
    const form = new RegExp(String(type.schema['pattern'] ?? ''), 'u');
    return [...missing, ...[...literals.map(asTime), ...TIMES].filter((text) => form.test(text))];
  }
  const shown = literals.filter((text) => !/[\\^$[\]]/.test(text));
  return [
    ...missing,
    ...shown,
    ...TEXTS,
    ...numbers.filter((n) => n > 0 && n < 300).map((n) => 'a'.repeat(n)),
  ];
}

/** One of them satisfies most patterns for names, codes, addresses, digests and versions. */
const TEXTS: readonly string[] = [
  'a',
  'A',
  'aa',
  'AA',
  'AAA',
  'abcd',
  'a1',
  'a.b',
  'a@example.com',
  'https://example.com/a',
  'https://example.com/',
  '1.0.0',
  '000-00-0000',
  'T-000.000.001-0',
  'd41d8cd98f00b204e9800998ecf8427e',
  '4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865',
  '00000000-0000-4000-8000-000000000001',
  '{}',
  '',
];

const TIMES: readonly string[] = ['2026-01-05', '2026-12-05T10:00:00', '2026-12-05T10:00:00+00:00'];

/** As JSON has it: `2022-01-01 00:00:00+00` is `2022-01-01T00:00:00+00:00`. */
const asTime = (text: string): string => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
