import type { Engine } from '../engines/engine.ts';
import { FIRST_USER_OID } from '../inspect/area.ts';
import { type Fact, type FactKind, type Facts, factsOf, KINDS, readKinds } from './facts.ts';

/** A part of the catalog that is asked whether it has changed, which costs a tenth of reading what follows from it. */
type Part = 'tables' | 'columns' | 'defaults' | 'unchecked' | 'constraints' | 'indexes' | 'types' | 'names';

/**
 * Where rows stand and which transaction wrote them: an UPDATE puts a row elsewhere, and after a rollback another
 * row may come to stand in the same place. What PostgreSQL overwrites in place (counts, statistics) is in no fact.
 */
const ROWS = 'rows_of(x)';
const rowsMark = (version: number): string =>
  `concat_ws('/', count(*), sum(${version < 140_000 ? 'hashtext(x.ctid::text)' : 'hashtid(x.ctid)'}::int8), sum(x.xmin::text::int8))`;

/** What things are called, whatever else is written to their rows: a trigger is noted down with its table, too. */
const namesMark = (oid: string, ...names: readonly string[]): string =>
  `concat_ws('/', count(*), sum(hashtextextended(concat_ws('/', ${oid}, ${names.join(', ')}), 0)))`;

const HAVE_COLUMNS = `SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'm') AND oid >= ${FIRST_USER_OID}`;
const named = (catalog: string, name: string, schema: string): string =>
  `(SELECT ${namesMark('oid', name, schema)} FROM ${catalog} WHERE oid >= ${FIRST_USER_OID})`;

const MARKS: Readonly<Record<Part, string>> = {
  tables: `SELECT ${namesMark('oid', 'relkind', 'relnamespace', 'relname')} FROM pg_class
    WHERE relkind IN ('r', 'p', 'f', 'm', 'c') AND oid >= ${FIRST_USER_OID}`,
  columns: `SELECT ${ROWS} FROM pg_attribute x WHERE x.attnum > 0 AND x.attrelid IN (${HAVE_COLUMNS})`,
  defaults: `SELECT ${ROWS} FROM pg_attrdef x`,
  unchecked: `SELECT ${ROWS} FROM pg_constraint x WHERE x.contype = 'n' AND NOT x.convalidated`,
  constraints: `SELECT ${ROWS} FROM pg_constraint x`,
  indexes: `SELECT concat_ws('/', ${ROWS}, sum(hashtextextended(concat_ws('/', c.relnamespace, c.relname), 0)))
    FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid`,
  types: `SELECT ${ROWS} FROM pg_type x WHERE x.oid >= ${FIRST_USER_OID} AND x.typtype <> 'c' AND x.typcategory <> 'A'`,
  // What expressions, and everything else that is written out, are spelt with.
  names: `SELECT concat_ws('/', ${named('pg_namespace', 'nspname', '0')}, ${named('pg_proc', 'proname', 'pronamespace')},
    ${named('pg_operator', 'oprname', 'oprnamespace')}, ${named('pg_opclass', 'opcname', 'opcnamespace')},
    ${named('pg_collation', 'collname', 'collnamespace')}, ${named('pg_am', 'amname', '0')})`,
};

const queryOf = (version: number): string => {
  const marks = Object.entries(MARKS).map(([part, sql]) => `(${sql}) AS ${part}`);
  return `SELECT ${marks.join(', ')}`.replaceAll(ROWS, rowsMark(version));
};

/** The kinds that are many, with all parts of the catalog that are in their facts; the others are read every time. */
const READ_WHEN_CHANGED: Readonly<Partial<Record<FactKind, readonly Part[]>>> = {
  column: ['tables', 'columns', 'defaults', 'unchecked', 'types', 'names'],
  constraint: ['tables', 'columns', 'constraints', 'types', 'names'],
  index: ['tables', 'columns', 'indexes', 'types', 'names'],
};

/** Reads the facts of one database again and again; what cannot have changed since the last time is not read anew. */
export class FactReader {
  readonly #engine: Engine;
  readonly #query: string;
  #marks: Readonly<Partial<Record<string, string>>> = {};
  #known: readonly Fact[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#query = queryOf(engine.version);
  }

  async read(): Promise<Facts> {
    const [marks = {}] = await this.#engine.rows<Readonly<Record<string, string>>>(this.#query);
    const isKnown = (kind: FactKind): boolean =>
      READ_WHEN_CHANGED[kind]?.every((part) => marks[part] === this.#marks[part]) === true;
    const wanted = KINDS.filter((kind) => !isKnown(kind));
    const kept = this.#known.filter(({ kind }) => !wanted.includes(kind));
    const facts = factsOf([...kept, ...(await readKinds(this.#engine, wanted))]);
    this.#marks = marks;
    this.#known = [...facts.values()];
    return facts;
  }
}
