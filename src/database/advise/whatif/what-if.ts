import type { Catalog } from '../../analyze/facts/catalog.ts';
import { readRows } from '../../analyze/facts/read-facts.ts';
import { SqlFailure } from '../../engines/engine.ts';
import type { RowlessEngine } from '../../engines/pglite.ts';
import { quoteName, quoteText } from '../../quote.ts';
import { type Candidate, candidateId, definitionOf } from '../candidates/candidate.ts';
import { rowsOfTable } from '../candidates/estimate.ts';
import { importStatistics, restoreRelation } from './import-statistics.ts';
import type { PlannerStatistics, RelationStatistics } from './statistics.ts';

/** What the planner would do. Costs are its own, in units of one sequential block. */
export interface PredictedPlan {
  readonly cost: number;
  /** The plan as EXPLAIN (FORMAT JSON) prints it. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** Names of the indexes it would use. */
  readonly indexes: ReadonlySet<string>;
}

/** A candidate that exists, empty, in the rowless copy. */
export interface Built {
  readonly candidate: Candidate;
  readonly name: string;
  readonly blocks: number;
  /** Rows it would hold. */
  readonly rows: number;
}

/** The index of one partition, with the share of the rows that it holds. */
interface PartIndex {
  readonly name: string;
  readonly share: number;
}

interface FileRow {
  readonly schema: string;
  readonly name: string;
  readonly path: string;
  readonly isIndex: boolean;
  readonly isTree: boolean;
}

/**
 * A copy of a database without rows that plans as the database would: same statistics, same sizes, same
 * settings. Candidates are built in it once, empty, and then switched on and off in the catalog.
 */
export class WhatIf {
  readonly #engine: RowlessEngine;
  readonly #statistics: PlannerStatistics;
  readonly #catalog: Catalog;
  readonly #built = new Map<string, Built>();
  /** What a candidate on a partitioned table is made of, by its name. */
  readonly #parts = new Map<string, readonly PartIndex[]>();
  readonly #planted = new Set<string>();
  #on = new Set<string>();

  constructor(engine: RowlessEngine, catalog: Catalog, statistics: PlannerStatistics) {
    this.#engine = engine;
    this.#catalog = catalog;
    this.#statistics = statistics;
  }

  /** Makes the copy plan like its original. */
  async start(searchPath: string): Promise<void> {
    // Planted pages have no checksum.
    await this.#engine.run(
      'SET allow_system_table_mods = on; SET client_min_messages = error; SET ignore_checksum_failure = on',
    );
    // Loading the schema has read the indexes; made anew, the first to read them is the planner.
    const schemas = new Set((await this.#files()).map(({ schema }) => schema));
    for (const schema of schemas) await this.#engine.run(`REINDEX SCHEMA ${quoteName(schema)}`);
    await this.#pretend();
    await this.#engine.run(`SET search_path = ${searchPath}`);
  }

  /** Builds candidates that are not there yet, switched off. One that PostgreSQL refuses is left out. */
  async build(
    candidates: readonly Candidate[],
    blocksOf: (candidate: Candidate, rows: number) => number,
  ): Promise<Built[]> {
    const fresh = candidates.filter((candidate) => !this.#built.has(candidateId(candidate)));
    const rows = new Map<Candidate, number>();
    for (const candidate of fresh) rows.set(candidate, await this.#rowsOf(candidate));
    // What CREATE INDEX would read has to be as empty as it is.
    const tables = (await this.#files()).filter(({ isIndex }) => !isIndex);
    await this.#engine.resize(tables.map(({ path }) => ({ path, blocks: 0 })));
    for (const candidate of fresh) {
      const table = this.#catalog.table(candidate.table);
      const name = `senior_backend_candidate_${this.#built.size}`;
      try {
        await this.#engine.run(`CREATE INDEX ${name} ON ${table?.sql} ${definitionOf(candidate)}`);
      } catch (error) {
        if (!(error instanceof SqlFailure)) throw error;
        continue;
      }
      const held = rows.get(candidate) ?? 0;
      const blocks = blocksOf(candidate, held);
      this.#built.set(candidateId(candidate), { candidate, name, blocks, rows: held });
      if (table?.kind === 'p') this.#parts.set(name, await this.#nameParts(name));
    }
    await this.#engine.run(
      `UPDATE pg_catalog.pg_index SET indisvalid = false FROM pg_catalog.pg_class c WHERE c.oid = indexrelid AND starts_with(c.relname, 'senior_backend_candidate_')`,
    );
    this.#on = new Set();
    await this.#pretend();
    return candidates.flatMap((candidate) => this.#built.get(candidateId(candidate)) ?? []);
  }

  /** Gives the indexes of the partitions names after the whole: they are what is planned with, and switched. */
  async #nameParts(whole: string): Promise<PartIndex[]> {
    const found = await readRows<{ schema: string; name: string; table: string }>(
      this.#engine,
      `SELECT n.nspname AS schema, c.relname AS name, t.relname AS table
       FROM pg_catalog.pg_class w JOIN LATERAL pg_catalog.pg_partition_tree(w.oid) p ON p.relid <> w.oid JOIN pg_catalog.pg_class c ON c.oid = p.relid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
       WHERE w.relname = ${quoteText(whole)}`,
    );
    const rows = found.map(({ schema, table }) => Math.max(this.#relation(schema, table)?.rows ?? 0, 0));
    const all = rows.reduce((sum, some) => sum + some, 0);
    const parts = found.map((one, at) => ({
      ...one,
      renamed: `${whole}_part_${at}`,
      share: all === 0 ? 1 / found.length : (rows[at] ?? 0) / all,
    }));
    const renames = parts.map(
      ({ schema, name, renamed }) =>
        `ALTER INDEX ${quoteName(schema)}.${quoteName(name)} RENAME TO ${renamed}`,
    );
    if (renames.length > 0) await this.#engine.run(renames.join(';\n'));
    return parts.map(({ renamed, share }) => ({ name: renamed, share }));
  }

  #relation(schema: string | undefined, name: string | undefined): RelationStatistics | undefined {
    return this.#statistics.relations.find((one) => one.schema === schema && one.name === name);
  }

  /** Leaves exactly these candidates switched on. */
  async switchTo(wanted: ReadonlySet<string>): Promise<void> {
    const turned = [...wanted].filter((name) => !this.#on.has(name));
    const off = [...this.#on].filter((name) => !wanted.has(name));
    await this.#set(turned, true);
    await this.#set(off, false);
    this.#on = new Set(wanted);
  }

  /** Switches indexes that are there already, by name, to see what happens without them. */
  async setExisting(names: readonly string[], valid: boolean): Promise<void> {
    await this.#set(names, valid);
  }

  async #set(names: readonly string[], valid: boolean): Promise<void> {
    if (names.length === 0) return;
    const parts = names.flatMap((name) => (this.#parts.get(name) ?? []).map((part) => part.name));
    const list = [...names, ...parts].map(quoteText).join(', ');
    await this.#engine.run(
      `UPDATE pg_catalog.pg_index SET indisvalid = ${valid} FROM pg_catalog.pg_class c WHERE c.oid = indexrelid AND c.relname IN (${list})`,
    );
  }

  /** Plans a statement, which is never run. Errors: SqlFailure for one that cannot be planned. */
  async plan(sql: string): Promise<PredictedPlan> {
    const generic = /\$\d/.test(sql) ? ', GENERIC_PLAN' : '';
    const [row] = await this.#engine.unboundRows<Record<string, unknown>>(
      `EXPLAIN (FORMAT JSON${generic}) ${sql}`,
    );
    const answers = row?.['QUERY PLAN'] as readonly { readonly Plan: Record<string, unknown> }[] | undefined;
    const plan = answers?.[0]?.Plan ?? {};
    const indexes = new Set<string>();
    collectIndexes(plan, indexes);
    return { cost: Number(plan['Total Cost']), plan, indexes };
  }

  /** The rows for which a partial index's condition holds, as the planner estimates them. */
  async #rowsOf({ table, where }: Candidate): Promise<number> {
    const fact = this.#catalog.table(table);
    const all = rowsOfTable(this.#catalog, table, ({ schema, name }) => this.#relation(schema, name)?.rows);
    if (where === undefined) return all;
    try {
      const { plan } = await this.plan(`SELECT FROM ${fact?.sql} WHERE ${where}`);
      return Number(plan['Plan Rows']);
    } catch {
      return all;
    }
  }

  #partsOf({ name, blocks, rows }: Built): (readonly [string, Pick<Built, 'blocks' | 'rows'>])[] {
    return (this.#parts.get(name) ?? []).map((part) => [
      part.name,
      { blocks: Math.max(1, Math.round(blocks * part.share)), rows: rows * part.share },
    ]);
  }

  #files(): Promise<FileRow[]> {
    return readRows(
      this.#engine,
      `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_relation_filepath(c.oid) AS path, coalesce(a.amname = 'btree', false) AS "isTree",
         c.relkind = 'i' AS "isIndex"
       FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'i', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_'`,
    );
  }

  /** Statistics after every CREATE INDEX anew, for it counts the rows and writes down that there are none. */
  async #pretend(): Promise<void> {
    await importStatistics(this.#engine, this.#statistics);
    const sizes = new Map<string, RelationStatistics>(
      this.#statistics.relations.map((relation) => [`${relation.schema}.${relation.name}`, relation]),
    );
    const built = new Map<string, Pick<Built, 'blocks' | 'rows'>>(
      [...this.#built.values()].flatMap((one) => [[one.name, one] as const, ...this.#partsOf(one)]),
    );
    const files = await this.#files();
    await this.#engine.resize(
      files.flatMap(({ schema, name, path, isTree }) => {
        const blocks = built.get(name)?.blocks ?? sizes.get(`${schema}.${name}`)?.blocks;
        if (blocks === undefined) return [];
        return isTree && !this.#planted.has(path)
          ? [{ path, blocks, height: heightOf(blocks) }]
          : [{ path, blocks }];
      }),
    );
    for (const { path, isTree } of files) if (isTree) this.#planted.add(path);
    const restored = files.flatMap(({ schema, name }) => {
      const one = built.get(name);
      return one === undefined
        ? []
        : [restoreRelation({ schema, name, blocks: one.blocks, rows: one.rows, visibleBlocks: 0 })];
    });
    if (restored.length > 0) await this.#engine.run(restored.join(';\n'));
  }
}

/**
 * Levels above the leaves of a B-tree of so many blocks. A page above the leaves holds about 285 entries of 20
 * bytes at 70 % fill, which is what short keys come to once PostgreSQL has cut them.
 */
function heightOf(blocks: number): number {
  let height = 0;
  for (let pages = blocks - 2; pages > 1; pages /= FAN_OUT) height += 1;
  return height;
}

const FAN_OUT = 285;

function collectIndexes(node: Readonly<Record<string, unknown>>, names: Set<string>): void {
  // What a partition's index does, the whole does.
  if (typeof node['Index Name'] === 'string')
    names.add(node['Index Name'].replace(/^(senior_backend_candidate_\d+)_part_\d+$/, '$1'));
  const children = node['Plans'];
  if (Array.isArray(children)) for (const child of children) collectIndexes(child, names);
}
