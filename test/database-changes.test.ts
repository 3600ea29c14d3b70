import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANGES } from './support/changes.ts';
import { diffLocations, file } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

/**
 * One change at a time, through the same call as the command: loaded, planned, run forward, back and
 * forward again on a real server, and compared by its catalog after each.
 */
describe('one change', () => {
  test.each(CHANGES)('$name', async ({ before, after, says, never, renames = [], hazards }) => {
    const folder = folderWith({ 'before.sql': before, 'after.sql': after });
    const diff = await diffLocations(file(`${folder}/before.sql`), file(`${folder}/after.sql`), {
      renames,
      scratchUrl: server.url(),
    });
    expect(diff.proof.steps.map(({ failed }) => failed?.message)).toEqual([undefined, undefined, undefined]);
    expect(diff.proof.proved).toBe(true);
    const statements = diff.plan.segments.flatMap((segment) => segment.statements);
    const sql = statements.map((statement) => statement.sql);
    if (never !== undefined) expect(sql.join(';\n')).not.toContain(never);
    for (const text of says) expect(sql.join(';\n')).toContain(text);
    if (hazards === undefined) return;
    expect([...new Set(statements.flatMap((statement) => statement.hazards))].sort()).toEqual(hazards);
  });
});
