import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHAPES, shapeTables } from '../../bench/advise/shapes.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { compareShapes, type ShapeResult, shapeTable } from '../support/shapes.ts';

let server: PostgresServer;
let results: readonly ShapeResult[];

beforeAll(async () => {
  server = await startPostgres();
  await server.create('shapes');
  const client = new Client({ connectionString: server.url('shapes') });
  await client.connect();
  for (const sql of shapeTables(0.05)) await client.query(sql);
  await client.end();
  results = await compareShapes(server.url('shapes'));
  process.stdout.write(`\n${shapeTable(results)}\n`);
}, 240_000);

afterAll(() => server.stop());

describe('indexes that are not there', () => {
  test('are planned as the real ones are, at the same cost', () => {
    expect(results.filter(({ samePlan }) => !samePlan).map(({ name }) => name)).toEqual([]);
    expect(
      results.filter(({ predicted, real }) => Math.abs(predicted / real - 1) > 0.05).map(({ name }) => name),
    ).toEqual([]);
    expect(results).toHaveLength(SHAPES.length);
  });

  test('a query without them costs what it costs on the server', () => {
    expect(
      results.filter(({ base, realBase }) => Math.abs(base / realBase - 1) > 0.001).map(({ name }) => name),
    ).toEqual([]);
  });

  test('what is proposed is as good as what a person would build, in at least 15 of 16', () => {
    const poor = results.filter(({ proposed, real }) => proposed > real * 1.2).map(({ name }) => name);
    expect(poor.length).toBeLessThanOrEqual(1);
  });
});
