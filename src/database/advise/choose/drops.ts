import type { Catalog } from '../../analyze/facts/catalog.ts';
import { duplicateIndex } from '../../analyze/schema/duplicate-index.ts';
import { isNeeded } from '../../analyze/schema/index-shape.ts';
import { redundantIndex } from '../../analyze/schema/redundant-index.ts';
import type { Built, WhatIf } from '../whatif/what-if.ts';
import type { Problem } from './problem.ts';

/** An existing index that would not be missed, and why. */
export interface Drop {
  /** Qualified. */
  readonly name: string;
  readonly reason: string;
}

interface DropInput {
  readonly whatIf: WhatIf;
  readonly catalog: Catalog;
  readonly problem: Problem;
  readonly chosen: readonly Built[];
  readonly unused: ReadonlySet<string>;
}

/** A statement that becomes dearer than this by a drop keeps the index. */
const TOLERATED = 1.01;

/**
 * Indexes that another one makes superfluous or that no query used, each switched off in the copy: it goes only
 * when no statement of the workload gets dearer.
 */
export async function findDrops({ whatIf, catalog, problem, chosen, unused }: DropInput): Promise<Drop[]> {
  const drops: Drop[] = [];
  for (const drop of candidates(catalog, chosen, unused)) {
    const index = catalog.facts.indexes.find(({ sql }) => sql === drop.name);
    if (index === undefined || drops.some(({ name }) => name === drop.name)) continue;
    await whatIf.setExisting([index.name], false);
    if (await isMissed(whatIf, problem, chosen, index.table)) await whatIf.setExisting([index.name], true);
    else drops.push(drop);
  }
  return drops;
}

function candidates(catalog: Catalog, chosen: readonly Built[], unused: ReadonlySet<string>): Drop[] {
  const ruled = [duplicateIndex, redundantIndex].flatMap((rule) =>
    rule
      .find(catalog)
      .filter(({ fix }) => fix.steps.every(({ sql }) => sql.startsWith('DROP INDEX')))
      .map(({ object, message }) => ({ name: object.name, reason: message })),
  );
  const covered = catalog.facts.indexes
    .filter(
      (index) =>
        !index.isUnique &&
        !isNeeded(index) &&
        !index.isPart &&
        index.method === 'btree' &&
        index.predicate === null,
    )
    .filter((index) => chosen.some((built) => beginsLike(catalog, built, index)))
    .map(({ sql }) => ({ name: sql, reason: 'a suggested index begins with its columns' }));
  const idle = catalog.facts.indexes
    .filter((index) => unused.has(index.sql) && !index.isUnique && !isNeeded(index) && !index.isPart)
    .map(({ sql }) => ({ name: sql, reason: 'no query has used it' }));
  return [...ruled, ...covered, ...idle];
}

function beginsLike(
  catalog: Catalog,
  { candidate }: Built,
  index: Catalog['facts']['indexes'][number],
): boolean {
  if (candidate.table !== index.table || candidate.method !== 'btree' || candidate.where !== undefined)
    return false;
  return (
    index.included.length === 0 &&
    index.keys.every((key, at) => {
      const own = candidate.keys[at];
      const name = catalog.column(index.table, key.column)?.name;
      const option = (own?.descending ? 1 : 0) + (own?.nullsFirst ? 2 : 0);
      return (
        own?.column !== undefined &&
        own.column === name &&
        own.operatorClass === undefined &&
        option === key.option
      );
    })
  );
}

async function isMissed(
  whatIf: WhatIf,
  problem: Problem,
  chosen: readonly Built[],
  table: number,
): Promise<boolean> {
  await whatIf.switchTo(new Set(chosen.map(({ name }) => name)));
  for (const [at, statement] of problem.statements.entries()) {
    if (!statement.tables.has(table)) continue;
    const before = (await problem.plan(at, chosen)).cost;
    await whatIf.switchTo(new Set(chosen.map(({ name }) => name)));
    const { cost } = await whatIf.plan(statement.sql);
    if (cost > before * TOLERATED) return true;
  }
  return false;
}
