import { sha256 } from '../../../core/hash.ts';
import { quoteName } from '../../quote.ts';
import type { ColumnFact, ConstraintFact, IndexFact, SchemaFacts, TableFact } from './facts.ts';

/** The facts by table, and the questions that findings ask of them. */
export interface Catalog {
  readonly facts: SchemaFacts;
  readonly table: (oid: number) => TableFact | undefined;
  readonly columnsOf: (table: number) => readonly ColumnFact[];
  readonly column: (table: number, number: number) => ColumnFact | undefined;
  readonly constraintsOf: (table: number) => readonly ConstraintFact[];
  readonly indexesOf: (table: number) => readonly IndexFact[];
  /** Tables that are partitions of, or inherit from, a table. */
  readonly childrenOf: (table: number) => readonly TableFact[];
  /** A name as SQL takes it, in quotes only where it needs them. */
  readonly quote: (name: string) => string;
  /** `public.orders.user_id`. */
  readonly columnName: (column: ColumnFact) => string;
  /** A name that nothing in the schema has, at most 63 bytes long. */
  readonly freshName: (schema: string, wanted: string) => string;
  /** Names of a list of columns, quoted where needed. */
  readonly names: (table: number, numbers: readonly number[]) => string;
  /** Whether PostgreSQL refuses to change a column's type because something is built on it. */
  readonly hasDependents: (table: number, number: number) => boolean;
}

/** Indexes the facts by what they belong to. */
export function catalogOf(facts: SchemaFacts): Catalog {
  const tables = new Map(facts.tables.map((table) => [table.oid, table]));
  const columns = byTable(facts.columns);
  const constraints = byTable(facts.constraints);
  const indexes = byTable(facts.indexes);
  const children = new Map<number, TableFact[]>();
  for (const table of facts.tables) {
    for (const parent of table.parents) children.set(parent, [...(children.get(parent) ?? []), table]);
  }
  const dependents = new Set(facts.dependents.map(({ column }) => column));
  const reserved = new Set(facts.reservedWords);
  const quote = (name: string): string =>
    /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : quoteName(name);
  const taken = namesBySchema(facts, tables);
  const column = (table: number, number: number): ColumnFact | undefined =>
    columns.get(table)?.find((candidate) => candidate.number === number);
  return {
    facts,
    table: (oid) => tables.get(oid),
    columnsOf: (table) => columns.get(table) ?? [],
    column,
    constraintsOf: (table) => constraints.get(table) ?? [],
    indexesOf: (table) => indexes.get(table) ?? [],
    childrenOf: (table) => children.get(table) ?? [],
    quote,
    columnName: ({ table, name }) => `${tables.get(table)?.sql ?? ''}.${quote(name)}`,
    freshName: (schema, wanted) => freshName(wanted, taken.get(schema) ?? new Set()),
    names: (table, numbers) => numbers.map((number) => quote(column(table, number)?.name ?? '')).join(', '),
    hasDependents: (table, number) => dependents.has(`${table}/${number}`),
  };
}

function byTable<Fact extends { readonly table: number }>(facts: readonly Fact[]): Map<number, Fact[]> {
  const groups = new Map<number, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.table);
    if (group === undefined) groups.set(fact.table, [fact]);
    else group.push(fact);
  }
  return groups;
}

/** Relations, types and constraints share what names they may have only in part; a new name avoids them all. */
function namesBySchema(
  facts: SchemaFacts,
  tables: ReadonlyMap<number, TableFact>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const add = (schema: string, name: string): void => {
    const known = names.get(schema);
    if (known === undefined) names.set(schema, new Set([name]));
    else known.add(name);
  };
  for (const { schema, name } of [...facts.tables, ...facts.indexes, ...facts.sequences, ...facts.enums]) {
    add(schema, name);
  }
  for (const { table, name } of facts.constraints) add(tables.get(table)?.schema ?? '', name);
  return names;
}

function freshName(wanted: string, taken: ReadonlySet<string>): string {
  const fitting =
    Buffer.byteLength(wanted) <= 63 ? wanted : `${headOf(wanted, 54)}_${sha256(wanted).slice(0, 8)}`;
  for (let number = 1, name = fitting; ; number += 1, name = `${headOf(fitting, 60)}${number}`) {
    if (!taken.has(name)) return name;
  }
}

/** The first characters that fit into so many bytes. */
function headOf(text: string, bytes: number): string {
  let head = '';
  for (const character of text) {
    if (Buffer.byteLength(head + character) > bytes) break;
    head += character;
  }
  return head;
}
