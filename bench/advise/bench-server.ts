// A server for a bench: one of its own, or with SERVER_URL one that is there, such as one that has HypoPG. With
// INDEX_ADVISOR=/path/to/index_advisor--0.2.0.sql its choice is one of the sets.
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { withDatabase } from '../../src/database/engines/url.ts';
import { type PostgresServer, startPostgres } from '../../test/support/postgres-server.ts';

export type BenchServer = Pick<PostgresServer, 'url' | 'create' | 'stop'>;

/** Databases of a server that is there are made anew, and left for a look. */
export async function benchServer(): Promise<BenchServer> {
  const given = process.env['SERVER_URL'];
  if (given === undefined) return startPostgres();
  return {
    url: (database = 'postgres') => withDatabase(given, database),
    create: async (database) => {
      const client = new Client({ connectionString: given });
      await client.connect();
      await client.query(`DROP DATABASE IF EXISTS "${database}"`);
      await client.query(`CREATE DATABASE "${database}"`);
      await client.end();
    },
    stop: async () => undefined,
  };
}

/** The extension's own text, which is plain SQL on top of HypoPG; undefined: it was not given. */
export const indexAdvisorSql = (): string | undefined => {
  const file = process.env['INDEX_ADVISOR'];
  return file === undefined ? undefined : readFileSync(file, 'utf8');
};
