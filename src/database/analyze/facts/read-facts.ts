import type { Engine } from '../../engines/engine.ts';
import type { SchemaFacts } from './facts.ts';
import { ENUMS, POLICIES, PUBLIC_GRANTS, RESERVED_WORDS, ROUTINES, SEQUENCES } from './objects.ts';
import { COLUMNS, CONSTRAINTS, DEPENDENTS, INDEXES, LOCKED, PARTITIONS, TABLES } from './relations.ts';

/** The rows of a query as one JSON text: both drivers agree on what a text is, and on nothing else. */
export async function readRows<Row>(engine: Engine, sql: string): Promise<Row[]> {
  const query = `SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (${sql}) q`;
  const [answer] = await engine.rows<{ rows: string }>(query);
  return JSON.parse(answer?.rows ?? '[]');
}

/** Reads the catalog. Takes no lock but ACCESS SHARE on the catalog's own tables. */
export async function readFacts(engine: Engine): Promise<SchemaFacts> {
  // With nothing but pg_catalog on the path, every name PostgreSQL prints is qualified.
  await engine.run("SET search_path = ''");
  const locked = await readRows<{ oid: number; name: string }>(engine, LOCKED);
  await engine.run(`SET senior_backend.locked = '{${locked.map(({ oid }) => oid).join(',')}}'`);
  const read = <Row>(sql: string): Promise<Row[]> => readRows<Row>(engine, sql);
  const words = await read<{ word: string }>(RESERVED_WORDS);
  return {
    version: engine.version,
    tables: await read(TABLES),
    columns: await read(COLUMNS),
    constraints: await read(CONSTRAINTS),
    indexes: await read(INDEXES(engine.version)),
    sequences: await read(SEQUENCES),
    policies: await read(POLICIES),
    routines: await read(ROUTINES),
    enums: await read(ENUMS),
    publicGrants: await read(PUBLIC_GRANTS),
    partitions: await read(PARTITIONS),
    dependents: await read(DEPENDENTS),
    servedByPartial: [],
    locked: locked.map(({ name }) => name),
    partitionGaps: [],
    reservedWords: words.map(({ word }) => word),
  };
}
