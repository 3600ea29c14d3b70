import { NameRegistry } from '../../../core/names.ts';
import { textOf } from '../../../database/index.ts';
import { type Catalog, type ForeignKey, readForeignKey } from './catalog.ts';
import type { Relation } from './resource.ts';
import type { BareResource } from './resources.ts';

/**
 * The rows that belong to a row, by foreign keys in both directions. One that a row points to is named
 * after its column without `_id`, as people do it; those that point to the row after their table.
 */
export function relationsOf(
  resource: BareResource,
  all: readonly BareResource[],
  catalog: Catalog,
): Relation[] {
  const names = new NameRegistry(resource.columns.map(({ name }) => name));
  const bySqlName = new Map(all.map((other) => [other.sqlName, other]));
  const keysOf = (table: string): ForeignKey[] =>
    catalog
      .parts('constraint', table)
      .filter((part) => textOf(part, 'type') === 'f')
      .map(readForeignKey);
  const to = keysOf(resource.sqlName).flatMap((key): Relation[] => {
    const target = bySqlName.get(key.target);
    if (target === undefined) return [];
    const name = names.claim(pointerName(key, target, resource));
    return [{ name, kind: 'one', target: target.name, columns: pairs(key) }];
  });
  const from = all.flatMap((other) =>
    keysOf(other.sqlName)
      .filter(({ target }) => target === resource.sqlName)
      .map((key, _at, keys): Relation => {
        const name = names.claim(keys.length > 1 ? `${other.name}_by_${key.columns.join('_')}` : other.name);
        return {
          name,
          kind: 'many',
          target: other.name,
          columns: pairs(key).map(([theirs, ours]) => [ours, theirs]),
        };
      }),
  );
  // What starts from a column that clients may not know of, or leads to one, is none of their business.
  const visible = new Map(
    all.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]),
  );
  return [...to, ...from].filter(({ target, columns }) =>
    columns.every(
      ([ours, theirs]) =>
        visible.get(resource.name)?.has(ours) === true && visible.get(target)?.has(theirs) === true,
    ),
  );
}

const pairs = ({ columns, targetColumns }: ForeignKey): (readonly [string, string])[] =>
  columns.map((column, index) => [column, targetColumns[index] ?? '']);

function pointerName({ columns }: ForeignKey, target: BareResource, { columns: own }: BareResource): string {
  const [column = '', ...others] = columns;
  const stem = column.replace(/_?id$/i, '');
  if (others.length > 0 || stem === '') return target.name;
  return own.some(({ name }) => name === stem) ? `${stem}_${target.name}` : stem;
}
