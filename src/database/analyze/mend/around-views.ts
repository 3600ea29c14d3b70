import type { Engine } from '../../engines/engine.ts';
import { inspect } from '../../inspect/inspect.ts';
import type { DatabaseModel } from '../../model/database-model.ts';
import { planChange } from '../../plan/plan.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { Finding, Fix } from '../finding.ts';
import type { Retyped } from './retype.ts';

/**
 * Writes the mends that PostgreSQL refuses because a view or policy names the column: the planner of
 * `db diff` takes away what stands in the way and brings it back. The whole model is read for it, once.
 */
export async function aroundViews(
  engine: Engine,
  catalog: Catalog,
  findings: readonly Finding[],
): Promise<Finding[]> {
  if (findings.every(({ fix }) => fix.views === undefined)) return [...findings];
  const whole = await inspect(engine);
  const dependents = dependentsOf(whole);
  return findings.map((finding) => {
    const { views, ...fix } = finding.fix;
    return views === undefined
      ? finding
      : { ...finding, fix: planned(partAround(whole, dependents, catalog, views), catalog, views, fix) };
  });
}

function planned(source: DatabaseModel, catalog: Catalog, columns: readonly Retyped[], fix: Fix): Fix {
  const objects = new Map(source.objects);
  for (const { column, type } of columns) {
    const id = `column:${quoted(catalog, column.table)}.${catalog.quote(column.name)}`;
    const object = objects.get(id);
    if (object === undefined) return fix;
    objects.set(id, { ...object, attributes: { ...object.attributes, type } });
  }
  const plan = planChange({ source, target: { ...source, objects }, online: false, creator: '' });
  const statements = plan.segments.flatMap((segment) => segment.statements);
  const isChange = ({ sql }: { readonly sql: string }): boolean => /\bTYPE\b/.test(sql);
  const at = fix.steps.findIndex(isChange);
  const last = fix.steps.findLastIndex(
    (step) => isChange(step) || /ADD CONSTRAINT .* FOREIGN KEY/.test(step.sql),
  );
  return {
    ...fix,
    steps: [
      ...fix.steps.slice(0, at).filter(({ sql }) => !/DROP CONSTRAINT/.test(sql)),
      ...statements.map(({ sql }) => ({ sql, locks: 'ACCESS EXCLUSIVE on what it names' })),
      ...fix.steps.slice(last + 1),
    ],
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
  const start = columns.map(
    ({ column }) => `column:${quoted(catalog, column.table)}.${catalog.quote(column.name)}`,
  );
  const siblings = tables
    .flatMap((table) => dependents.get(table) ?? [])
    .filter((id) => id.startsWith('column:'));
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
