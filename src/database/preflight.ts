import { quoteText } from './quote.ts';

/** Queries that count the rows which would make a statement fail; each answers 0 when it would succeed. */

export const countNulls = (table: string, column: string): string =>
  `SELECT count(*) FROM ${table} WHERE ${column} IS NULL`;

export const countRows = (table: string): string => `SELECT count(*) FROM ${table}`;

export const countViolations = (table: string, expression: string): string =>
  `SELECT count(*) FROM ${table} WHERE NOT (${expression})`;

/** Groups of rows that a unique index would not tell apart. */
export function countDuplicates(
  table: string,
  columns: readonly string[],
  options: { readonly predicate?: string; readonly nullsDistinct?: boolean } = {},
): string {
  const conditions = [
    ...(options.nullsDistinct === false ? [] : columns.map((column) => `${column} IS NOT NULL`)),
    ...(options.predicate === undefined || options.predicate === '' ? [] : [`(${options.predicate})`]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const list = columns.join(', ');
  return `SELECT count(*) FROM (SELECT ${list} FROM ${table}${where} GROUP BY ${list} HAVING count(*) > 1) AS doubles`;
}

/** Rows that refer to nothing; a reference with a NULL in it is not checked. */
export function countOrphans(
  table: string,
  columns: readonly string[],
  refersTo: string,
  refersToColumns: readonly string[],
): string {
  const filled = columns.map((column) => `child.${column} IS NOT NULL`);
  const equal = columns.map((column, at) => `parent.${refersToColumns[at] ?? column} = child.${column}`);
  return `SELECT count(*) FROM ${table} AS child WHERE ${filled.join(' AND ')} AND NOT EXISTS (SELECT FROM ${refersTo} AS parent WHERE ${equal.join(' AND ')})`;
}

const INTEGERS: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

const NUMERIC = /^(?:smallint|integer|bigint|numeric|real|double precision)\b/;
const STRING = /^(?:text|character varying|character)\b/;

/**
 * Rows whose value the new type refuses. Where no condition says it, PostgreSQL is asked value by value; undefined
 * where the server is too old to be asked and no pattern says what it reads.
 */
export function countUncastable(
  table: string,
  column: string,
  from: string,
  to: string,
  { labels, version = CAN_BE_ASKED }: Castable,
): string | undefined {
  const count = (condition: string): string => `SELECT count(*) FROM ${table} WHERE ${condition}`;
  if (labels !== undefined) {
    const list = labels.map(quoteText).join(', ');
    return count(list === '' ? `${column} IS NOT NULL` : `${column}::text NOT IN (${list})`);
  }
  const range = INTEGERS[to];
  if (range !== undefined && NUMERIC.test(from))
    return count(`round(${column}::numeric) NOT BETWEEN ${range[0]} AND ${range[1]}`);
  const length = /^character(?: varying)?\((\d+)\)$/.exec(to)?.[1];
  if (length !== undefined && STRING.test(from)) {
    return count(`char_length(rtrim(${column}::text)) > ${length}`);
  }
  const [, precision, scale = '0'] = /^numeric\((\d+)(?:,(-?\d+))?\)$/.exec(to) ?? [];
  if (precision !== undefined && NUMERIC.test(from)) {
    return count(`abs(round(${column}::numeric, ${scale})) >= 1e${Number(precision) - Number(scale)}`);
  }
  if (version >= CAN_BE_ASKED) return count(`NOT pg_input_is_valid(${column}::text, ${quoteText(to)})`);
  const unread = unreadBefore16(`${column}::text`, to);
  return unread === undefined ? undefined : count(unread);
}

/** What a new type takes, and the server that takes it. */
interface Castable {
  /** The labels of an enum. */
  readonly labels?: readonly string[] | undefined;
  /** `server_version_num` of the server that the query is for; undefined: one that can be asked. */
  readonly version?: number | undefined;
}

/** pg_input_is_valid is there since PostgreSQL 16. */
const CAN_BE_ASKED = 160_000;

/** What PostgreSQL itself takes for white space around a value. */
const SPACE = String.raw`[ \t\n\v\f\r]*`;

const INTEGER = `^${SPACE}[-+]?[0-9]+${SPACE}$`;

/** Every beginning of a word that is no beginning of the other: `of` is false and `o` nothing. */
const BOOLEAN = `^${SPACE}(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)${SPACE}$`;

/** Four digits may be followed by a hyphen, the last four not. */
const UUID = String.raw`^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$`;

/**
 * A condition that is true of the texts that PostgreSQL before 16 does not read as this type: newer ones also read
 * integers such as `0x1F` and `1_000`. A text is only taken for a number once it is known to be one.
 */
function unreadBefore16(text: string, to: string): string | undefined {
  const range = INTEGERS[to];
  if (range !== undefined) {
    const beyond = `${text}::numeric NOT BETWEEN ${range[0]} AND ${range[1]}`;
    return `CASE WHEN ${text} ~ ${quoteText(INTEGER)} THEN ${beyond} ELSE ${text} IS NOT NULL END`;
  }
  const pattern = { boolean: BOOLEAN, uuid: UUID }[to];
  return pattern === undefined ? undefined : `${text} !~* ${quoteText(pattern)}`;
}
