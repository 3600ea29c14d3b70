import { expect, test } from 'vitest';
import { mentionsOf } from './mentions.ts';
import { splitStatements } from './statements.ts';

const split = (text: string) => splitStatements({ path: 'a.sql', text });

test('statements are found with their line, behind comments and wide characters', async () => {
  const statements = await split(
    `-- größe\nCREATE TABLE "größe" (a text DEFAULT ';');\n\n/* x */ SELECT 1;\n`,
  );
  expect(statements.map(({ node, location, text }) => [node, location.line, text])).toEqual([
    ['CreateStmt', 2, `CREATE TABLE "größe" (a text DEFAULT ';')`],
    ['SelectStmt', 4, 'SELECT 1'],
  ]);
});

test('a mistake is reported with line and column', async () => {
  await expect(split('SELECT 1;\nSELECT FRM x y z;')).rejects.toMatchObject({
    code: 'DB010',
    location: { file: 'a.sql', line: 2 },
  });
});

test('roles, extensions and what cannot run in a transaction are found', async () => {
  const mentions = mentionsOf(
    await split(`CREATE EXTENSION hstore; GRANT SELECT ON t TO reader, PUBLIC; ALTER TABLE t OWNER TO "the owner";
      CREATE ROLE maker; CREATE POLICY p ON t TO writer; CREATE INDEX CONCURRENTLY ON t (a);
      DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS "uuid-ossp"; END $$;`),
  );
  expect([...mentions.roles].sort()).toEqual(['reader', 'the owner', 'writer']);
  expect([...mentions.createdRoles]).toEqual(['maker']);
  expect([...mentions.extensions]).toEqual(['hstore', 'uuid-ossp']);
  expect(mentions.concurrent).toBe(true);
});
