import { NameRegistry } from '../../../core/names.ts';
import { sortByText } from '../../../core/order.ts';
import { type DatabaseObject, flagOf, listOf, textOf } from '../../../database/index.ts';
import { type Catalog, commentOn, keyColumns } from './catalog.ts';
import { TypeReader } from './column-types.ts';
import { withFacts } from './constraints.ts';
import { nameAndType, nameParts, ownName } from './identifiers.ts';
import { relationsOf } from './relations.ts';
import type { Column, Resource } from './resource.ts';
import { isSelected, isVisible, type Selection } from './selection.ts';

/** A resource whose relations are not known yet, with its table's name as SQL writes it. */
export interface BareResource extends Omit<Resource, 'relations'> {
  readonly sqlName: string;
}

/** The tables and views of a database as clients will see them, sorted by name. Partitions are reached through their parents. */
export function readResources(catalog: Catalog, selection: Selection): Resource[] {
  const { objects } = catalog.model;
  const found = [...objects.values()].filter(
    (object) => KINDS.has(object.kind) && !objects.has(`partition:${sqlNameOf(object)}`),
  );
  const selected = found.filter((object) => isSelected(selection, nameParts(sqlNameOf(object))));
  const sorted = sortByText(selected, sqlNameOf);
  const manySchemas = new Set(sorted.map((object) => nameParts(sqlNameOf(object))[0])).size > 1;
  const names = new NameRegistry([], { foldCase: true });
  const types = new TypeReader(catalog.model, catalog.domainFacts);
  const bare = sorted.flatMap((object): BareResource[] => {
    const [schema = '', table = ''] = nameParts(sqlNameOf(object));
    const name = names.claim(segment(manySchemas && schema !== 'public' ? `${schema}_${table}` : table));
    const resource = readResource(object, { schema, table, name }, catalog, types);
    const shown = visible(resource, selection);
    return shown.columns.length === 0 ? [] : [selection.readOnly ? { ...shown, writable: false } : shown];
  });
  return bare.map(({ sqlName, ...resource }) => ({
    ...resource,
    relations: relationsOf({ sqlName, ...resource }, bare, catalog),
  }));
}

/** Without the columns that clients may not know of. Without its key, a row cannot be asked for. */
function visible(resource: BareResource, selection: Selection): BareResource {
  const { schema, table, key, writable } = resource;
  const columns = resource.columns.filter(({ name }) => isVisible(selection, [schema, table], name));
  const names = new Set(columns.map(({ name }) => name));
  const hasKey = key.every((name) => names.has(name));
  const constraints = [...resource.constraints].map(
    ([name, parts]) => [name, parts.filter((part) => names.has(part))] as const,
  );
  return {
    ...resource,
    columns,
    constraints: new Map(constraints),
    key: hasKey ? key : [],
    writable: writable && hasKey,
  };
}

const KINDS: ReadonlySet<string> = new Set(['table', 'view', 'materialized_view']);

/** The id without its kind. */
const sqlNameOf = ({ id, kind }: DatabaseObject): string => id.slice(kind.length + 1);

/** A name that means the same in a path, in a tag and in a file name. */
const segment = (name: string): string => name.replace(/[^\p{L}\p{N}_-]+/gu, '_') || '_';

function readResource(
  object: DatabaseObject,
  named: Pick<Resource, 'schema' | 'table' | 'name'>,
  catalog: Catalog,
  types: TypeReader,
): BareResource {
  const sqlName = sqlNameOf(object);
  const isTable = object.kind === 'table';
  const columns = isTable ? tableColumns(sqlName, catalog, types) : viewColumns(object, types);
  const key = isTable ? primaryKey(sqlName, catalog) : uniqueIndex(sqlName, catalog);
  const foreign = textOf(object, 'server') !== '';
  const partitioned = textOf(object, 'partitionKey') !== '';
  return {
    ...named,
    segment: named.name,
    sqlName,
    comment: commentOn(catalog.model, object.id),
    columns,
    key,
    writable: isTable && key.length > 0,
    constraints: new Map(
      catalog
        .parts('constraint', sqlName)
        .map((constraint) => [ownName(textOf(constraint, 'name')), keyColumns(constraint)]),
    ),
    versioned: isTable && !foreign && !partitioned,
    rowSecurity: flagOf(object, 'rowSecurity'),
    inherited: catalog.parents.has(sqlName),
  };
}

function tableColumns(table: string, catalog: Catalog, types: TypeReader): Column[] {
  const facts = catalog.parts('constraint', table).flatMap((part) => catalog.checks.get(part) ?? []);
  const defaulted = new Set(catalog.parts('default', table).map((part) => textOf(part, 'column')));
  const columns = [...catalog.parts('column', table)].sort((a, b) => position(a) - position(b));
  return columns.map((column) => {
    const quoted = textOf(column, 'name');
    const name = ownName(quoted);
    const type = types.read(textOf(column, 'type'));
    const nullable = column.attributes['notNull'] === undefined && !types.refusesNull(textOf(column, 'type'));
    const own = facts.filter((fact) => fact.column === name);
    return {
      name,
      type: { ...type, schema: withFacts(type.schema, own) },
      nullable,
      written: writing(column, nullable || defaulted.has(quoted) || types.hasDefault(textOf(column, 'type'))),
      comment: commentOn(catalog.model, column.id),
    };
  });
}

const position = ({ details }: DatabaseObject): number => Number(details['position'] ?? 0);

/** What identity and generated columns are is the database's to say. */
function writing({ attributes }: DatabaseObject, hasValue: boolean): Column['written'] {
  const { identity, generated } = attributes;
  if (generated !== undefined) return 'never';
  if (typeof identity === 'object' && identity !== null && 'always' in identity)
    return identity.always === true ? 'never' : 'optional';
  return hasValue ? 'optional' : 'required';
}

function viewColumns(view: DatabaseObject, types: TypeReader): Column[] {
  return listOf(view, 'columns').map((text) => {
    const [quoted, type] = nameAndType(text);
    return {
      name: ownName(quoted),
      type: types.read(type),
      nullable: true,
      written: 'never',
      comment: undefined,
    };
  });
}

function primaryKey(table: string, catalog: Catalog): readonly string[] {
  const found = catalog.parts('constraint', table).find((part) => textOf(part, 'type') === 'p');
  return found === undefined ? [] : keyColumns(found);
}

/** A materialized view has no constraints, but may have a unique index over plain columns. */
function uniqueIndex(view: string, catalog: Catalog): readonly string[] {
  for (const index of catalog.parts('index', view)) {
    const columns = /USING btree \(((?:"(?:[^"]|"")*"|[\w$]+)(?:, (?:"(?:[^"]|"")*"|[\w$]+))*)\)$/.exec(
      textOf(index, 'definition'),
    )?.[1];
    if (flagOf(index, 'unique') && columns !== undefined)
      return (columns.match(/"(?:[^"]|"")*"|[\w$]+/g) ?? []).map(ownName);
  }
  return [];
}
