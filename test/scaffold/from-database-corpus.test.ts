import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corpusSchemas, hasCorpus } from '../support/database.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { proveSchema } from './database/prove-schema.ts';

/** The others, and the other frameworks, are for `npm run bench:from-db`. */
const SAMPLE = [
  ['pagila', 'fastify'],
  ['chinook', 'express'],
  ['northwind', 'koa'],
] as const;

const found = SAMPLE.filter(([schema]) => corpusSchemas().includes(schema));

if (!hasCorpus)
  process.stdout.write('the corpus of schemas is not here: services from its databases are skipped\n');

describe.skipIf(found.length === 0)('a real schema as a service', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);

  afterAll(() => server.stop());

  test.each(found)(
    '%s on %s does every operation on real rows',
    async (schema, framework) => {
      const proof = await proveSchema(server, schema, framework);
      process.stdout.write(
        `${schema} on ${framework}: ${proof.operations} operations; ${proof.succeeded} done, ` +
          `${proof.refused} refused by the schema itself, ${proof.withoutRows} without rows\n`,
      );
      expect(proof.failures).toEqual([]);
      expect(proof.succeeded).toBeGreaterThan(proof.operations / 2);
    },
    240_000,
  );
});
