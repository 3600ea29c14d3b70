import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FrameworkName } from '../../src/scaffold/index.ts';
import { corpusSchemas, hasCorpus } from '../support/database.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { seedAll } from './database/end-to-end.ts';
import { onPGlite, onServer } from './database/places.ts';
import { prepareSchema, proveSchema } from './database/prove-schema.ts';

/** The others, and the other frameworks and engines, are for `npm run bench:from-db`. */
const SAMPLE: readonly (readonly [string, FrameworkName, 'PostgreSQL' | 'PGlite'])[] = [
  ['pagila', 'fastify', 'PostgreSQL'],
  ['chinook', 'express', 'PGlite'],
  ['northwind', 'koa', 'PostgreSQL'],
];

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
    '%s on %s and %s does every operation on real rows',
    async (name, framework, engine) => {
      const prepared = await prepareSchema(name, [framework]);
      expect(prepared.lint.errors).toEqual([]);
      const place = await (engine === 'PGlite'
        ? onPGlite(prepared.schema)
        : onServer(server, name, prepared.schema));
      const seeds = await seedAll(place, prepared.resources);
      const proof = await proveSchema(prepared, framework, place, seeds);
      await place.close();
      expect(proof.failures).toEqual([]);
      const verdicts = [...proof.verdicts.values()];
      expect(verdicts.length).toBe(proof.operations);
      expect(verdicts.filter((verdict) => verdict === 'done').length).toBeGreaterThan(verdicts.length * 0.9);
    },
    240_000,
  );
});
