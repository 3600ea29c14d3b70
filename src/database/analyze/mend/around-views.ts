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
  const source = await inspect(engine);
  return findings.map((finding) => {
    const { views, ...fix } = finding.fix;
    return views === undefined ? finding : { ...finding, fix: planned(source, catalog, views, fix) };
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

const quoted = (catalog: Catalog, table: number): string => catalog.table(table)?.sql ?? '';
