import { camelCase, NameRegistry } from '../../../core/names.ts';
import { identifierName, TAKEN_NAMES } from '../openapi/names.ts';
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
  /** The relations that have a list of their own below a row's path, with the id of that operation. */
  readonly nested: readonly { readonly relation: Relation; readonly id: string }[];
}

/** What can be done with a resource; an operation's id begins with it. */
export type Verb = 'list' | 'read' | 'create' | 'replace' | 'change' | 'delete';

/** The id of an operation: `listCustomers`. */
export const operationId = (verb: Verb, { row }: Pick<ResourceNames, 'row'>): string =>
  camelCase(`${verb}_${row}`);

/** Query parameters that are not filters. */
const CONTROLS = ['limit', 'cursor', 'sort', 'fields', 'include', 'count'];

/** Names that do not depend on which other tables are generated, but where two would have the same. */
export function nameResources(resources: readonly Resource[]): ReadonlyMap<string, ResourceNames> {
  const schemas = new NameRegistry([...TAKEN_NAMES, 'Error', 'PageMeta']);
  const lists = new NameRegistry();
  return new Map(
    resources.map((resource) => {
      const row = schemas.claim(schemaName(resource.name));
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
          nested: resource.relations
            .filter((relation) => isNested(resource, relation))
            .map((relation) => ({ relation, id: lists.claim(camelCase(`list_${relation.name}_of_${row}`)) })),
        },
      ];
    }),
  );
}

/** OpenAPI allows only these characters in the names of components, and the reader makes PascalCase of them. */
const schemaName = (name: string): string =>
  identifierName(identifierName(name).replaceAll(/[^A-Za-z0-9]/g, ' '));

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
    return type?.sortable === true && SCALARS.has(type.schema['type']);
  });

/** Whether a single row of it can be replaced and changed. */
export const isChangeable = (resource: Resource): boolean =>
  resource.writable && isAddressable(resource) && resource.columns.some(({ written }) => written !== 'never');
