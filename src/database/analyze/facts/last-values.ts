import { type Engine, SqlFailure } from '../../engines/engine.ts';
import type { SchemaFacts, SequenceFact } from './facts.ts';
import { readRows } from './read-facts.ts';

/** So many sequences are read by one statement: it locks them together, and the lock table is shared. */
const TOGETHER = 100;

/** What keeps a sequence from being read: it is gone, it is locked, a right to it is, or it is unlogged and this a standby. */
const UNREADABLE = new Set(['42P01', '3F000', '55P03', '42501', '0A000']);

/**
 * Adds what sequences gave last. They are read as the tables of one row that they are, which locks them by
 * ACCESS SHARE: pg_sequence_last_value(), and with it the view pg_sequences, takes ROW EXCLUSIVE, and waits for
 * whoever is altering one.
 */
export async function withLastValues(engine: Engine, facts: SchemaFacts): Promise<SchemaFacts> {
  const readable = facts.sequences.filter(({ isReadable }) => isReadable);
  const last = new Map<number, number | null>();
  for (let at = 0; at < readable.length; at += TOGETHER) {
    for (const row of await lastValues(engine, readable.slice(at, at + TOGETHER)))
      last.set(row.oid, row.last);
  }
  return { ...facts, sequences: facts.sequences.map((one) => ({ ...one, last: last.get(one.oid) ?? null })) };
}

async function lastValues(
  engine: Engine,
  sequences: readonly SequenceFact[],
): Promise<{ readonly oid: number; readonly last: number | null }[]> {
  const each = sequences.map(
    ({ oid, sql }) =>
      `SELECT ${oid}::int8 AS oid, CASE WHEN is_called THEN last_value END::float8 AS last FROM ${sql}`,
  );
  try {
    return await readRows(engine, each.join(' UNION ALL '));
  } catch (error) {
    if (!(error instanceof SqlFailure) || !UNREADABLE.has(error.state)) throw error;
    if (sequences.length === 1) return [];
    const half = Math.ceil(sequences.length / 2);
    return [
      ...(await lastValues(engine, sequences.slice(0, half))),
      ...(await lastValues(engine, sequences.slice(half))),
    ];
  }
}
