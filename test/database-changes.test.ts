import { describe, expect, test } from 'vitest';
import { CHANGES } from './support/changes.ts';
import { diffLocations, file } from './support/database.ts';
import { folderWith } from './support/scratch-folder.ts';

/**
 * One change at a time, through the same call as the command: loaded, planned, run forward, back and
 * forward again in a real PostgreSQL, and compared by its catalog after each.
 */
describe('one change', () => {
  test.each(CHANGES)('$name', async ({ before, after, says }) => {
    const folder = folderWith({ 'before.sql': before, 'after.sql': after });
    const diff = await diffLocations(file(`${folder}/before.sql`), file(`${folder}/after.sql`));
    expect(diff.proof.steps.map(({ failed }) => failed?.message)).toEqual([undefined, undefined, undefined]);
    expect(diff.proof.proved).toBe(true);
    const sql = diff.plan.segments.flatMap(({ statements }) => statements.map((statement) => statement.sql));
    for (const text of says) expect(sql.join(';\n')).toContain(text);
  });
});
