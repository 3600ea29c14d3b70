import { Client } from 'pg';
import type { Plan } from '../../../src/database/index.ts';
import { fillTables, storedValues } from './rows.ts';

/** What became of rows that were there when a plan ran. */
export interface Outcome {
  /** Values and positions that were there before and cannot be read any more. */
  readonly lost: number;
  /** What PostgreSQL said when the rows stopped it; nothing is lost then. */
  readonly failed?: string;
  /** Tables that took no row, so nothing is known of them. */
  readonly empty: readonly string[];
}

/** Builds a schema on a server, puts rows into it, runs the plan, and looks for every value again. */
export async function lossOf(url: string, statements: readonly string[], plan: Plan): Promise<Outcome> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET check_function_bodies = off');
    for (const sql of statements) await client.query(sql);
    const empty = await fillTables(client);
    const before = await storedValues(client, new Map());
    const failed = await run(client, plan);
    if (failed !== undefined) return { lost: 0, failed, empty };
    const after = await storedValues(client, new Map([...before].map(([key, { type }]) => [key, type])));
    const lost = [...before].filter(([key, { value }]) => value !== null && after.get(key)?.value !== value);
    return { lost: lost.length, empty };
  } finally {
    await client.end();
  }
}

async function run(client: Client, plan: Plan): Promise<string | undefined> {
  try {
    await client.query(
      'RESET search_path; SET check_function_bodies = off; SET session_replication_role = origin',
    );
    for (const { statements, transactional } of plan.segments) {
      const sql = statements.map((statement) => statement.sql).join(';\n');
      await client.query(transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
    }
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK');
    return error instanceof Error ? error.message : String(error);
  }
}
