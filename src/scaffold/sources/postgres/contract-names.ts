import { NameRegistry, pascalCase } from '../../../core/names.ts';
import type { Column, Relation, Resource } from './resource.ts';

/** How the contract and the code call a resource and what belongs to it. */
export interface ResourceNames {
  /** The schema of a row: `Customers`; of what is written: `CustomersNew`, `CustomersChange`. */
  readonly row: string;
  readonly created: string;
  readonly change: string;
  /** The path parameters, one for each column of the key. */
  readonly key: readonly string[];
  /** The query parameters that filter, by column. */
  readonly filters: ReadonlyMap<string, string>;
  /** What can be included, and asked for below a row's path. */
  readonly nested: readonly Relation[];
}

/** Query parameters that are not filters. */
const CONTROLS = ['limit', 'cursor', 'sort', 'fields', 'include', 'count'];

/** Names that do not depend on which other tables are generated, but where two would have the same. */
export function nameResources(resources: readonly Resource[]): ReadonlyMap<string, ResourceNames> {
  const schemas = new NameRegistry(['Error', 'PageMeta', 'Meta']);
  return new Map(
    resources.map((resource) => {
      const row = schemas.claim(pascalCase(resource.name) || 'Row');
      const keys = new NameRegistry();
      const filters = new NameRegistry(CONTROLS);
      return [
        resource.name,
        {
          row,
          created: schemas.claim(`${row}New`),
          change: schemas.claim(`${row}Change`),
          key: resource.key.map((column) => keys.claim(column.replace(/[^\p{L}\p{N}_]+/gu, '_') || '_')),
          filters: new Map(
            filterable(resource).map(({ name }) => [
              name,
              filters.claim(CONTROLS.includes(name) ? `column.${name}` : name),
            ]),
          ),
          nested: resource.relations.filter((relation) => isNested(resource, relation)),
        },
      ];
    }),
  );
}

/** The columns that a list can be filtered by. */
export const filterable = ({ columns }: Resource): readonly Column[] =>
  columns.filter(({ type, nullable }) => type.filters.length > 0 || nullable);

/** Rows that point to the key of this one have a list of their own below its path. */
function isNested({ key }: Resource, { kind, columns }: Relation): boolean {
  const ours = columns.map(([own]) => own);
  return kind === 'many' && ours.length === key.length && key.every((column) => ours.includes(column));
}

const SCALARS: ReadonlySet<unknown> = new Set(['integer', 'string', 'boolean']);

/** Whether a row has a path of its own: its key can be written into one. */
export const isAddressable = ({ key, columns }: Resource): boolean =>
  key.length > 0 &&
  key.every((name) => {
    const type = columns.find((column) => column.name === name)?.type;
    return type !== undefined && type.sortable && SCALARS.has(type.schema['type']);
  });
