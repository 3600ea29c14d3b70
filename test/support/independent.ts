import type { Engine, Scratch } from '../../src/database/engines/engine.ts';
import { openPGliteScratch } from '../../src/database/engines/pglite.ts';
import { openPostgresScratch } from '../../src/database/engines/postgres.ts';
import type { Plan, SchemaDiff, SchemaLocation } from '../../src/database/index.ts';
import { ensureRoles, loadStatements } from '../../src/database/sources/load.ts';
import { readSchema, type Schema } from '../../src/database/sources/schema.ts';
import { catalogFacts } from './catalog-facts.ts';
import { SNAPSHOT } from './database.ts';

const BUDGET = { budgetMs: 120_000 };

/** Facts that one state has and the other has not. */
export interface FactDifference {
  readonly forward: readonly string[];
  readonly back: readonly string[];
}

/**
 * Runs a diff's own statements once more, apart from the product's proof, and compares by a second
 * reading of the catalog what they lead to with the schemas loaded from their files.
 */
export async function compareFacts(
  from: SchemaLocation,
  to: SchemaLocation,
  { plan, rollback }: SchemaDiff,
  scratchUrl?: string,
): Promise<FactDifference> {
  const [source, target] = [await readSchema(from, BUDGET), await readSchema(to, BUDGET)];
  const extensions = [...source.extensions, ...target.extensions];
  const scratch =
    scratchUrl === undefined
      ? await openPGliteScratch({ ...BUDGET, snapshot: SNAPSHOT, extensions })
      : await openPostgresScratch({ ...BUDGET, url: scratchUrl });
  try {
    const wanted = await factsOf(scratch, target);
    return await scratch.reading(
      async (engine) => {
        await load(engine, scratch, source, true);
        await ensureRoles(engine, wanted.roles);
        const before = await catalogFacts(engine);
        await apply(engine, plan);
        const forward = unequal(await catalogFacts(engine), wanted.facts);
        await apply(engine, rollback);
        return { forward, back: unequal(await catalogFacts(engine), before) };
      },
      { autocommit: true },
    );
  } finally {
    await scratch.close();
  }
}

function factsOf(scratch: Scratch, schema: Schema) {
  return scratch.reading(
    async (engine, autocommit) => {
      await load(engine, scratch, schema, autocommit);
      const roles = await engine.rows<{ name: string }>(
        'SELECT rolname AS name FROM pg_roles WHERE oid >= 16384',
      );
      return { facts: await catalogFacts(engine), roles: roles.map(({ name }) => name) };
    },
    { autocommit: !schema.transactional },
  );
}

const load = (engine: Engine, scratch: Scratch, schema: Schema, autocommit: boolean) =>
  loadStatements(engine, schema.statements, { extensions: scratch.extensions, autocommit });

async function apply(engine: Engine, plan: Plan): Promise<void> {
  await engine.run('RESET search_path; SET check_function_bodies = off');
  for (const { statements, transactional } of plan.segments) {
    const sql = statements.map((statement) => statement.sql).join(';\n');
    await engine.run(transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
  }
}

function unequal(found: readonly string[], wanted: readonly string[]): string[] {
  const [has, wants] = [new Set(found), new Set(wanted)];
  return [
    ...found.filter((fact) => !wants.has(fact)).map((fact) => `+ ${fact}`),
    ...wanted.filter((fact) => !has.has(fact)).map((fact) => `- ${fact}`),
  ];
}
