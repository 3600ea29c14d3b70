import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arbitraryDatabase } from './support/arbitrary-database.ts';
import { diffLocations, file } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

/** `PROPERTY_RUNS=500 npx vitest run test/database-property.test.ts` looks further, with another seed each time. */
const runs = Number(process.env['PROPERTY_RUNS'] ?? 12);

test('the plan between any two schemas leads there, its rollback leads back, and a schema differs not from itself', {
  timeout: 60_000 + runs * 20_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDatabase, arbitraryDatabase, async (before, after) => {
      const folder = folderWith({ 'a.sql': before, 'b.sql': after });
      const [from, to] = [file(`${folder}/a.sql`), file(`${folder}/b.sql`)];
      const { proof } = await diffLocations(from, to, { scratchUrl: server.url() });
      expect(
        proof.steps.map(({ name, failed, differences }) => [name, failed?.message, differences]),
      ).toEqual(['forward', 'back', 'forward again'].map((name) => [name, undefined, []]));
      const same = await diffLocations(to, to, { scratchUrl: server.url() });
      expect(same.plan.segments).toEqual([]);
    }),
    { numRuns: runs },
  );
});
