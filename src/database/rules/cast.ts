/** Types between which PostgreSQL casts directly; across groups a value goes through its text. */
const GROUPS: readonly RegExp[] = [
  /^(?:smallint|integer|bigint|real|double precision|numeric|money)$/,
  /^(?:date|timestamp|timestamp without time zone|timestamp with time zone)$/,
  /^(?:time|time without time zone|time with time zone|interval)$/,
  /^(?:json|jsonb)$/,
  /^(?:integer|boolean)$/,
  /^(?:inet|cidr)$/,
  /^(?:bit|bit varying)$/,
];

/** Every type can be cast to and from these: https://www.postgresql.org/docs/current/sql-createcast.html */
const TEXT = /^(?:text|character varying|character|name|public\.citext|citext)$/;

const baseOf = (type: string): string => type.replace(/\(\d+(?:,-?\d+)?\)/, '').replace(/\[\]$/, '');

/** The USING expression that turns a column of one type into another; undefined when none is needed. */
export function castOf(column: string, from: string, to: string): string | undefined {
  const [before, after] = [baseOf(from), baseOf(to)];
  const sameShape = from.endsWith('[]') === to.endsWith('[]');
  if (before === after && sameShape) return undefined;
  // An explicit cast cuts what is too long; an assignment, which every type allows to these, refuses it.
  if (sameShape && TEXT.test(after) && limitOf(to) !== undefined) return undefined;
  const direct =
    sameShape &&
    (TEXT.test(before) ||
      TEXT.test(after) ||
      GROUPS.some((group) => group.test(before) && group.test(after)));
  return direct ? `${column}::${to}` : `${column}::text::${to}`;
}

/** Types that hold every value of another, some of them less exactly. */
const HOLDS_ALL: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric', 'real', 'double precision'],
  integer: ['bigint', 'numeric', 'real', 'double precision', 'boolean'],
  bigint: ['numeric', 'real', 'double precision'],
  real: ['double precision'],
  boolean: ['integer'],
  cidr: ['inet'],
  jsonb: ['json'],
  macaddr: ['macaddr8'],
  money: ['numeric'],
};

/** Whether a value of one type may not fit the other; what becomes text always does. */
export function castMayFail(from: string, to: string): boolean {
  if (/^text(?:\[\])?$/.test(to)) return false;
  if (HOLDS_ALL[from.replace(/\[\]$/, '')]?.includes(to.replace(/\[\]$/, '')) === true)
    return from.endsWith('[]') !== to.endsWith('[]');
  if (baseOf(from) !== baseOf(to) || from.endsWith('[]') !== to.endsWith('[]')) return true;
  const [before, after] = [limitOf(from), limitOf(to)];
  return (
    after !== undefined && (before === undefined || before.some((limit, at) => limit > (after[at] ?? 0)))
  );
}

/** The numbers of `numeric(10,2)` or `character varying(20)`. */
function limitOf(type: string): readonly number[] | undefined {
  const limits = /\((\d+)(?:,(-?\d+))?\)/.exec(type);
  return limits === null
    ? undefined
    : limits.slice(1).flatMap((limit) => (limit === undefined ? [] : [Number(limit)]));
}

/** A length is no part of what a program reads. */
export function isSameToPrograms(from: string, to: string): boolean {
  const bare = (type: string): string =>
    type
      .replace(/\(.*?\)/, '')
      .replace('character varying', 'text')
      .trim();
  return bare(from) === bare(to);
}
