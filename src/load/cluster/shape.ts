// What a message of another party must look like. A shape hands back a new value that holds what it names and nothing
// else, so that nothing unasked for comes along.

/** Checks a value and copies it. Throws ShapeError. */
export type Shape<T> = (value: unknown, at: string) => T;

/** A value is not what it has to be. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export type Shaped<S> = S extends Shape<infer T> ? T : never;

export function wrong(at: string, wanted: string): never {
  throw new ShapeError(`${at} is not ${wanted}`);
}

export const text =
  (longest: number, form = /^/): Shape<string> =>
  (value, at) =>
    typeof value === 'string' && value.length <= longest && form.test(value)
      ? value
      : wrong(at, `a text of at most ${longest} characters`);

export const number =
  (least: number, most: number): Shape<number> =>
  (value, at) =>
    typeof value === 'number' && value >= least && value <= most
      ? value
      : wrong(at, `a number from ${least} to ${most}`);

export const whole =
  (least: number, most: number): Shape<number> =>
  (value, at) =>
    Number.isInteger(value) ? number(least, most)(value, at) : wrong(at, 'a whole number');

export const flag: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : wrong(at, 'true or false');

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Shape<T> =>
  (value, at) =>
    allowed.find((one) => one === value) ?? wrong(at, `one of ${allowed.join(', ')}`);

export const list =
  <T>(shape: Shape<T>, most: number): Shape<T[]> =>
  (value, at) =>
    Array.isArray(value) && value.length <= most
      ? value.map((one, index) => shape(one, `${at}[${index}]`))
      : wrong(at, `a list of at most ${most}`);

export const pair =
  <A, B>(first: Shape<A>, second: Shape<B>): Shape<[A, B]> =>
  (value, at) =>
    Array.isArray(value) && value.length === 2
      ? [first(value[0], `${at}[0]`), second(value[1], `${at}[1]`)]
      : wrong(at, 'a pair');

type Fields = Readonly<Record<string, Shape<unknown>>>;
type ObjectOf<F extends Fields> = { readonly [Key in keyof F]: Shaped<F[Key]> };
type PartOf<F extends Fields> = { readonly [Key in keyof F]?: Shaped<F[Key]> };

/** An object with all of `fields`, and those of `optional` that it has. */
export const object =
  <F extends Fields, O extends Fields = Record<never, never>>(
    fields: F,
    optional?: O,
  ): Shape<ObjectOf<F> & PartOf<O>> =>
  (value, at) => {
    const given = entriesOf(value, at);
    const kept = [
      ...Object.entries(fields).map(([key, shape]) => [key, shape(given.get(key), `${at}.${key}`)]),
      ...Object.entries(optional ?? {}).flatMap(([key, shape]) =>
        given.has(key) ? [[key, shape(given.get(key), `${at}.${key}`)]] : [],
      ),
    ];
    // The keys are those of the two tables, each with what its shape handed back.
    return Object.fromEntries(kept) as ObjectOf<F> & PartOf<O>;
  };

/** An object of any names whose values are alike. */
export const record =
  <T>(shape: Shape<T>, most: number): Shape<Record<string, T>> =>
  (value, at) => {
    const given = entriesOf(value, at);
    if (given.size > most) return wrong(at, `an object of at most ${most} names`);
    // fromEntries defines properties: a name such as __proto__ is one like any other.
    return Object.fromEntries([...given].map(([key, one]) => [key, shape(one, `${at}.${key.slice(0, 50)}`)]));
  };

/** Messages of several kinds, told apart by `kind`. */
export const variant =
  <const Kinds extends Readonly<Record<string, Shape<object>>>>(
    kinds: Kinds,
  ): Shape<{ [Kind in keyof Kinds]: { readonly kind: Kind } & Shaped<Kinds[Kind]> }[keyof Kinds]> =>
  (value, at) => {
    const kind = entriesOf(value, at).get('kind');
    const shape = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (shape === undefined) return wrong(`${at}.kind`, `one of ${Object.keys(kinds).join(', ')}`);
    // The kind is one of the table's, and the rest is what its shape handed back.
    return { ...shape(value, at), kind } as never;
  };

function entriesOf(value: unknown, at: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(at, 'an object');
  return new Map(Object.entries(value));
}
