import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { inspectAround } from '../../inspect/inspect-around.ts';
import type { DatabaseModel } from '../../model/database-model.ts';
import { planStatements } from '../../plan/plan.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact } from '../facts/facts.ts';
import type { Finding, Fix } from '../finding.ts';
import { type Retyped, retyping } from './retype.ts';

/**
 * Writes the mends that PostgreSQL refuses because a view or policy names the column: the planner of
 * `db diff` takes away what stands in the way and brings it back. What it has to know is read once for all of them.
 */
export async function aroundViews(
  engine: Engine,
  catalog: Catalog,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const changes = new Map(
    findings.flatMap((finding) =>
      finding.fix.views === undefined ? [] : [[finding, withHeirs(catalog, finding.fix.views)] as const],
    ),
  );
  if (changes.size === 0) return [...findings];
  const columns = [...changes.values()].flatMap((list) => list.map(({ column }) => column));
  const around = await inspectUnlocked(engine, columns);
  if (around === undefined) return findings.map(unplanned);
  const model = withoutForeignKeys(around);
  const dependents = dependentsOf(model);
  return findings.map((finding) => {
    const changed = changes.get(finding);
    if (changed === undefined) return finding;
    const { views: _views, ...fix } = finding.fix;
    const part = partAround(model, dependents, catalog, changed);
    return { ...finding, fix: planned(part, catalog, changed, fix) };
  });
}

/** A view is read under ACCESS SHARE of its tables; nothing where somebody has locked one of them against everybody. */
async function inspectUnlocked(
  engine: Engine,
  columns: readonly ColumnFact[],
): Promise<DatabaseModel | undefined> {
  try {
    return await inspectAround(engine, columns);
  } catch (error) {
    if (error instanceof SqlFailure && error.state === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const LOCK_NOT_AVAILABLE = '55P03';

function unplanned(finding: Finding): Finding {
  const { views, ...fix } = finding.fix;
  if (views === undefined) return finding;
  const caution =
    'A view or policy stands in the way, and a table of it is locked just now: run the analysis again.';
  return { ...finding, fix: { ...fix, steps: [], caution } };
}

/** The columns, and those that inherit them: their views stand in the way as well. */
function withHeirs(catalog: Catalog, columns: readonly Retyped[]): Retyped[] {
  return columns.flatMap((one) => {
    const heirs = catalog
      .childrenOf(one.column.table)
      .flatMap(({ oid }) => catalog.columnsOf(oid).filter(({ name }) => name === one.column.name))
      .map((column) => ({ ...one, column }));
    return [one, ...withHeirs(catalog, heirs)];
  });
}

/** The fix itself takes foreign keys away and brings them back, or PostgreSQL keeps them in step. */
const withoutForeignKeys = ({ objects, ...rest }: DatabaseModel): DatabaseModel => ({
  ...rest,
  objects: new Map(
    [...objects].filter(([, { kind, attributes }]) => kind !== 'constraint' || attributes['type'] !== 'f'),
  ),
});

/** The fix with the planner's statements in the place of those that PostgreSQL would refuse. */
function planned(source: DatabaseModel, catalog: Catalog, columns: readonly Retyped[], fix: Fix): Fix {
  const objects = new Map(source.objects);
  for (const { column, type } of columns) {
    const id = columnId(catalog, column);
    const object = objects.get(id);
    if (object === undefined) return fix;
    objects.set(id, { ...object, attributes: { ...object.attributes, type } });
  }
  const plan = planStatements({ source, target: { ...source, objects }, online: false, creator: '' });
  const statements = plan.segments.flatMap((segment) => segment.statements);
  const tables = [...new Set(columns.map(({ column }) => column.table))];
  const refused = new Set(tables.map((table) => retyping(catalog, table, columns).sql));
  const first = fix.steps.findIndex(({ sql }) => refused.has(sql));
  return {
    ...fix,
    steps: fix.steps.flatMap((step, at) => {
      if (at === first)
        return statements.map(({ sql }) => ({ sql, locks: 'ACCESS EXCLUSIVE on what it names' }));
      return refused.has(step.sql) ? [] : [step];
    }),
  };
}

/** Who refers to an object, by its id. */
function dependentsOf({ objects }: DatabaseModel): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, references, owner } of objects.values()) {
    for (const target of owner === undefined ? references : [...references, owner]) {
      const known = found.get(target);
      if (known === undefined) found.set(target, [id]);
      else known.push(id);
    }
  }
  return found;
}

/** What a change of these columns can reach, with all that this needs: planning the whole model for each column would take minutes. */
function partAround(
  { objects, unmodelled }: DatabaseModel,
  dependents: ReadonlyMap<string, readonly string[]>,
  catalog: Catalog,
  columns: readonly Retyped[],
): DatabaseModel {
  const tables = columns.map(({ column }) => `table:${quoted(catalog, column.table)}`);
  const start = columns.map(({ column }) => columnId(catalog, column));
  const siblings = tables
    .flatMap((table) => dependents.get(table) ?? [])
    .filter((id) => /^(?:column|partition|inheritance):/.test(id));
  const reached = closure([...start], (id) => dependents.get(id) ?? []);
  const needed = closure([...reached, ...tables, ...siblings], (id) => {
    const object = objects.get(id);
    return object === undefined
      ? []
      : [...object.references, ...(object.owner === undefined ? [] : [object.owner])];
  });
  return { objects: new Map([...objects].filter(([id]) => needed.has(id))), unmodelled };
}

function closure(start: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(start);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

const quoted = (catalog: Catalog, table: number): string => catalog.table(table)?.sql ?? '';

const columnId = (catalog: Catalog, { table, name }: ColumnFact): string =>
  `column:${quoted(catalog, table)}.${catalog.quote(name)}`;
