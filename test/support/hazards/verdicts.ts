import { Client } from 'pg';
import type { Engine } from '../../../src/database/engines/engine.ts';
import { connect } from '../../../src/database/engines/postgres.ts';
import { type Hazard, lintFile } from '../../../src/database/index.ts';
import { STATEMENT_CASES, type StatementCase, TRUTHS } from './statements.ts';
import { measureTruth } from './truth.ts';

/** What was found of one case, by name. */
export type Verdicts = ReadonlyMap<string, readonly Hazard[]>;

/** The cases that a major knows. */
export const casesOf = (major: number): readonly StatementCase[] =>
  STATEMENT_CASES.filter(({ since = 0 }) => since <= major);

const schemaOf = (one: StatementCase): string => `case_${STATEMENT_CASES.indexOf(one)}`;

const setup = (one: StatementCase, rows: string): string =>
  `CREATE SCHEMA ${schemaOf(one)}; SET search_path = ${schemaOf(one)}; ${one.given}; ${rows}; RESET search_path`;

/** What the linter says of each case, without a row in any table. */
export async function lintCases(engine: Engine): Promise<Verdicts> {
  const cases = casesOf(Math.floor(engine.version / 10_000));
  const verdicts = new Map<string, readonly Hazard[]>();
  for (const one of cases) {
    await engine.run(setup(one, ''));
    const text = `SET search_path = ${schemaOf(one)}; SET lock_timeout = '5s'; ${one.sql}`;
    const linted = await lintFile({ path: `${one.name}.sql`, text }, { engine, hasSchema: true });
    const failed = linted.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw new Error(`${one.name}: ${failed.failure?.message}`);
    const found = new Set(linted.flatMap(({ findings }) => findings.map(({ hazard }) => hazard)));
    verdicts.set(
      one.name,
      TRUTHS.filter((hazard) => found.has(hazard)),
    );
    await engine.run(`DROP SCHEMA ${schemaOf(one)} CASCADE`);
  }
  return verdicts;
}

/** The same with a server as scratch. */
export async function lintCasesOn(url: string): Promise<Verdicts> {
  const engine = await connect({ url, budgetMs: 60_000 });
  try {
    return await lintCases(engine);
  } finally {
    await engine.close();
  }
}

/** What a server with rows in its tables shows of each case. */
export async function measureCases(url: string, major: number): Promise<Verdicts> {
  const cases = casesOf(major);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const one of cases) await client.query(setup(one, one.rows));
  } finally {
    await client.end();
  }
  const verdicts = new Map<string, readonly Hazard[]>();
  for (const one of cases) {
    const seen = await measureTruth(url, schemaOf(one), one);
    verdicts.set(
      one.name,
      TRUTHS.filter((hazard) => seen.includes(hazard)),
    );
  }
  return verdicts;
}
