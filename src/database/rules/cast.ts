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
  const direct =
    sameShape &&
    (TEXT.test(before) ||
      TEXT.test(after) ||
      GROUPS.some((group) => group.test(before) && group.test(after)));
  return direct ? `${column}::${to}` : `${column}::text::${to}`;
}
