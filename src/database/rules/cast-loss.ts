/** `numeric(10,2)` in its parts: the name without limits, the limits, whether it is an array. */
interface TypeShape {
  readonly base: string;
  readonly limits: readonly number[];
  readonly isArray: boolean;
}

function shapeOf(type: string): TypeShape {
  const limits = /\((\d+)(?:,(-?\d+))?\)/.exec(type);
  return {
    base: type.replace(/\s*\(\d+(?:,-?\d+)?\)/, '').replace(/(?:\[\])+$/, ''),
    limits:
      limits === null ? [] : limits.slice(1).flatMap((limit) => (limit === undefined ? [] : [Number(limit)])),
    isArray: type.endsWith('[]'),
  };
}

/** Decimal digits that a numeric type can tell apart, and whether it keeps what is behind the point. */
const NUMBERS: Readonly<
  Record<string, { readonly digits: number; readonly fraction: 'none' | 'binary' | 'decimal' }>
> = {
  smallint: { digits: 4, fraction: 'none' },
  integer: { digits: 9, fraction: 'none' },
  bigint: { digits: 18, fraction: 'none' },
  real: { digits: 6, fraction: 'binary' },
  'double precision': { digits: 15, fraction: 'binary' },
  numeric: { digits: Number.POSITIVE_INFINITY, fraction: 'decimal' },
  money: { digits: 17, fraction: 'decimal' },
};

/** What a moment keeps: https://www.postgresql.org/docs/current/datatype-datetime.html */
const MOMENTS: Readonly<Record<string, readonly string[]>> = {
  date: ['day'],
  'time without time zone': ['time'],
  'time with time zone': ['time', 'zone'],
  'timestamp without time zone': ['day', 'time'],
  'timestamp with time zone': ['day', 'time'],
  interval: ['day', 'time', 'span'],
};

/** Casts that PostgreSQL does without a word although values become equal. */
const LOSSY: ReadonlySet<string> = new Set([
  'integer boolean',
  'inet cidr',
  'text name',
  'character varying name',
  'text tsvector',
  'box point',
  'circle point',
  'polygon point',
  'lseg point',
  'path point',
  'polygon box',
  'polygon circle',
  'circle box',
  'box circle',
  'polygon path',
]);

/**
 * Whether two values of the one type can become one value of the other without PostgreSQL refusing:
 * what is rounded, cut or left out cannot be brought back. Casts through text refuse instead.
 */
export function castLoses(from: string, to: string): boolean {
  const [before, after] = [shapeOf(from), shapeOf(to)];
  if (before.isArray !== after.isArray) return false;
  return (
    losesDigits(before, after) || losesMoment(before, after) || LOSSY.has(`${before.base} ${after.base}`)
  );
}

/** numeric(p,s) keeps s digits behind the point, numeric(p) none, numeric all. */
const scaleOf = ({ base, limits }: TypeShape): number => {
  if (base === 'money') return 2;
  if (base !== 'numeric') return 0;
  return limits.length === 0 ? Number.POSITIVE_INFINITY : (limits[1] ?? 0);
};

function losesDigits(before: TypeShape, after: TypeShape): boolean {
  const [from, to] = [NUMBERS[before.base], NUMBERS[after.base]];
  if (from === undefined || to === undefined) return false;
  if (to.fraction === 'binary') {
    const isWider = from.fraction === 'binary' ? to.digits >= from.digits : to.digits > from.digits;
    return !isWider || from.fraction === 'decimal';
  }
  // PostgreSQL takes 15 digits of a binary number, although it needs 17 to be told apart.
  if (from.fraction === 'binary') return true;
  return scaleOf(after) < scaleOf(before);
}

function losesMoment(before: TypeShape, after: TypeShape): boolean {
  const [from, to] = [MOMENTS[before.base], MOMENTS[after.base]];
  if (from === undefined || to === undefined) return false;
  if (from.some((part) => !to.includes(part))) return true;
  return from.includes('time') && (after.limits[0] ?? 6) < (before.limits[0] ?? 6);
}
