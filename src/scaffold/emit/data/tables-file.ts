import { camelCase, NameRegistry } from '../../../core/names.ts';
import { isAddressable, nameResources, type ResourceNames } from '../../sources/postgres/contract-names.ts';
import type { Column, Relation, Resource } from '../../sources/postgres/resource.ts';
import { HEADER } from '../header.ts';
import { reindent } from '../layout.ts';
import { objectKey, quoteString } from '../quote.ts';

/** The constants of tables.ts, by resource. */
export function nameTables(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const names = new NameRegistry(RESERVED);
  return new Map(
    resources.map(({ name }) => {
      const wanted = camelCase(name);
      return [name, names.claim(/^\p{ID_Start}/u.test(wanted) ? wanted : `_${wanted}`)];
    }),
  );
}

/** Words that cannot name a constant, and what tables.ts imports. */
const RESERVED =
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield await arguments eval undefined defineTable resourceOf rows Table'.split(
    ' ',
  );

/** data/tables.ts: what the service knows of its tables, as data. */
export function printTablesFile(resources: readonly Resource[]): string {
  const contract = nameResources(resources);
  const constants = nameTables(resources);
  const tables = resources.flatMap((resource) => {
    const names = contract.get(resource.name);
    return names === undefined ? [] : [printTable(resource, names, constants)];
  });
  return `${HEADER}import { defineTable, type Table } from './table.js';\n\n${reindent(tables.join('\n'))}`;
}

function printTable(
  resource: Resource,
  names: ResourceNames,
  constants: ReadonlyMap<string, string>,
): string {
  const { schema, table, segment, key, versioned, rowSecurity, inherited } = resource;
  const parameters = isAddressable(resource) ? names.key : [];
  const columns = resource.columns.map((column) => printColumn(column, resource, names));
  const relations = resource.relations.map((relation) => printRelation(relation, constants));
  const constraints = [...resource.constraints].map(
    ([name, parts]) => `${objectKey(name)}: ${texts(parts)},`,
  );
  return `export const ${constants.get(resource.name) ?? ''}: Table = defineTable({
schema: ${quoteString(schema)},
table: ${quoteString(table)},
path: ${quoteString(`/${segment}`)},
key: ${texts(key)},
parameters: ${texts(parameters)},
${versioned ? 'versioned: true,\n' : ''}${rowSecurity ? 'rowSecurity: true,\n' : ''}${inherited ? 'inherited: true,\n' : ''}columns: [
${columns.join('\n')}
],
${block('relations', relations)}
${block('constraints', constraints)}
});
`;
}

const texts = (values: readonly string[]): string => `[${values.map(quoteString).join(', ')}]`;

const block = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? `${name}: {},` : `${name}: {\n${lines.join('\n')}\n},`;

function printColumn(
  { name, type, nullable, written }: Column,
  resource: Resource,
  names: ResourceNames,
): string {
  const filter = names.filters.get(name);
  const parts = [
    `name: ${quoteString(name)}`,
    `type: ${quoteString(type.sql)}`,
    `read: ${quoteString(type.read)}`,
    ...(nullable ? ['nullable: true'] : []),
    ...(resource.writable && written !== 'never' ? ['writable: true'] : []),
    ...(filter === undefined ? [] : [`filter: ${quoteString(filter)}`]),
  ];
  return `{ ${parts.join(', ')} },`;
}

function printRelation(
  { name, kind, target, columns }: Relation,
  constants: ReadonlyMap<string, string>,
): string {
  const pairs = columns.map((pair) => texts(pair)).join(', ');
  return `${objectKey(name)}: { kind: ${quoteString(kind)}, table: () => ${constants.get(target) ?? ''}, columns: [${pairs}] },`;
}
