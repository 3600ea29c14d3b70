import { Client } from 'pg';
import { type QueryShape, SHAPES } from '../../bench/advise/shapes.ts';
import { advise } from '../../src/database/advise/advise.ts';
import { type Candidate, columnKey, definitionOf } from '../../src/database/advise/candidates/candidate.ts';
import { estimatesFrom } from '../../src/database/advise/candidates/estimate.ts';
import { readStatistics } from '../../src/database/advise/whatif/read-statistics.ts';
import { WhatIf } from '../../src/database/advise/whatif/what-if.ts';
import { type Catalog, catalogOf } from '../../src/database/analyze/facts/catalog.ts';
import { readFacts } from '../../src/database/analyze/facts/read-facts.ts';
import { openRowless } from '../../src/database/engines/pglite.ts';
import { PGLITE_EXTENSIONS } from '../../src/database/engines/pglite-extensions.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { loadStatements } from '../../src/database/sources/load.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { SNAPSHOT } from './database.ts';

/** One query shape: costs without and with its known-good index, predicted and real, and with what we propose. */
export interface ShapeResult {
  readonly name: string;
  readonly realBase: number;
  readonly base: number;
  readonly real: number;
  readonly predicted: number;
  readonly samePlan: boolean;
  /** Real cost with the index that is proposed for this query alone, built on the server. */
  readonly proposed: number;
  readonly proposal: string;
}

type Plan = Readonly<Record<string, unknown>>;

/** Node types and tables of a plan, from the root down. */
const skeleton = (plan: Plan): string =>
  `${plan['Node Type']} ${plan['Relation Name'] ?? ''}(${((plan['Plans'] as Plan[] | undefined) ?? []).map(skeleton).join(', ')})`;

const BUDGET_MS = 60_000;

/** Plans every shape in the rowless copy and on the server, with real indexes there. */
export async function compareShapes(url: string): Promise<ShapeResult[]> {
  const live = await connect({ url, budgetMs: BUDGET_MS });
  const statistics = await readStatistics(live, { values: true });
  await live.close();
  const schema = await readSchema({ kind: 'server', url }, { budgetMs: BUDGET_MS });
  const engine = await openRowless({ snapshot: SNAPSHOT, extensions: [], budgetMs: BUDGET_MS });
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET max_parallel_workers_per_gather = 0');
    await loadStatements(engine, schema.statements, { extensions: PGLITE_EXTENSIONS, autocommit: true });
    const catalog = catalogOf(await readFacts(engine));
    const whatIf = new WhatIf(engine, catalog, statistics);
    await whatIf.start('public');
    const estimates = estimatesFrom(catalog, statistics);
    const results: ShapeResult[] = [];
    for (const shape of SHAPES) {
      const realBase = await explain(client, shape.sql);
      const base = await whatIf.plan(shape.sql);
      const real = await withIndex(client, shape.good, shape.sql);
      const [built] = await whatIf.build([candidateOf(catalog, shape)], estimates.candidateBlocks);
      await whatIf.switchTo(new Set(built === undefined ? [] : [built.name]));
      const predicted = await whatIf.plan(shape.sql);
      await whatIf.switchTo(new Set());
      const advice = await advise({
        schema,
        statistics,
        searchPath: 'public',
        limits: { indexes: 1, blocks: 1e9 },
        writes: new Map(),
        unused: new Set(),
        snapshot: SNAPSHOT,
        budgetMs: BUDGET_MS,
        workload: {
          source: shape.name,
          notes: [],
          statements: [{ sql: shape.sql, calls: 1, totalMs: undefined, rows: undefined }],
        },
      });
      const [chosen] = advice.chosen;
      const proposal =
        chosen === undefined
          ? ''
          : `${catalog.table(chosen.candidate.table)?.sql} ${definitionOf(chosen.candidate)}`;
      const proposed = proposal === '' ? realBase : await withIndex(client, proposal, shape.sql);
      results.push({
        name: shape.name,
        realBase: Number(realBase['Total Cost']),
        base: base.cost,
        real: Number(real['Total Cost']),
        predicted: predicted.cost,
        samePlan: skeleton(realBase) === skeleton(base.plan) && skeleton(real) === skeleton(predicted.plan),
        proposed: Number(proposed['Total Cost']),
        proposal,
      });
    }
    return results;
  } finally {
    await client.end();
    await engine.close();
  }
}

async function explain(client: Client, sql: string): Promise<Plan> {
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  return rows[0]['QUERY PLAN'][0].Plan;
}

async function withIndex(client: Client, definition: string, sql: string): Promise<Plan> {
  await client.query(`CREATE INDEX shape_good ON ${definition}`);
  try {
    return await explain(client, sql);
  } finally {
    await client.query('DROP INDEX shape_good');
  }
}

/** `orders USING btree (a, b text_pattern_ops) INCLUDE (c) WHERE d` as a candidate. */
function candidateOf(catalog: Catalog, { good }: QueryShape): Candidate {
  const [, table = '', method = 'btree', keys = '', include, where] =
    /^(\w+) (?:USING (\w+) )?\(((?:[^()]|\([^()]*\))*)\)(?: INCLUDE \((.*?)\))?(?: WHERE (.*))?$/.exec(
      good,
    ) ?? [];
  return {
    table: catalog.facts.tables.find(({ name }) => name === table)?.oid ?? 0,
    method: method as Candidate['method'],
    keys: keys.split(', ').map((key) => {
      const [column = '', operatorClass] = key.split(' ');
      const isColumn = /^\w+$/.test(column);
      return { ...columnKey(column), sql: column, column: isColumn ? column : undefined, operatorClass };
    }),
    include: include?.split(', ') ?? [],
    where,
  };
}

/** The results as a table in Markdown. */
export function shapeTable(results: readonly ShapeResult[]): string {
  const rows = results.map(
    ({ name, realBase, base, real, predicted, samePlan, proposed, proposal }) =>
      `| ${name} | ${samePlan ? 'yes' : 'NO'} | ${realBase.toFixed(1)} | ${base.toFixed(1)} | ${real.toFixed(2)} | ${predicted.toFixed(2)} | ${((predicted / real - 1) * 100).toFixed(1)} % | ${proposed.toFixed(2)} | \`${proposal}\` |`,
  );
  return [
    '| query | same plans | cost without | predicted | cost with | predicted | off by | cost with the proposal | proposal |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}
