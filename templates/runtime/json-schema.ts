// Checks for what JSON Schema can say and Zod has no word for. Each has the name of its keyword.
import { z } from 'zod';

type Check = (context: z.core.ParsePayload<unknown>) => void;

/** A schema of which only the verdict counts. */
type Judge = z.ZodType<unknown>;

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const accepts = (schema: Judge, value: unknown): boolean => schema.safeParse(value).success;

const fail = (context: z.core.ParsePayload<unknown>, message: string, path: PropertyKey[] = []): void => {
  context.issues.push({ code: 'custom', message, path, input: context.value });
};

/** Adds what another schema finds wrong with a part of the value. */
const judgePart = (
  context: z.core.ParsePayload<unknown>,
  schema: Judge,
  part: unknown,
  path: PropertyKey[],
): void => {
  const result = schema.safeParse(part);
  for (const issue of result.error?.issues ?? []) {
    context.issues.push({ ...issue, path: [...path, ...issue.path], input: part } as z.core.$ZodRawIssue);
  }
};

/** A schema that only judges. */
const verdict = <T>(check: Check): z.ZodType<T> => z.unknown().check(check) as z.ZodType<T>;

/** A schema that hands on what another one made of the value. */
const passing = <T>(
  judge: (value: unknown, context: z.core.$RefinementCtx<unknown>) => unknown,
): z.ZodType<T> => z.unknown().transform(judge) as z.ZodType<T>;

// --- values ---

/** Equality of JSON values: the order of properties does not count. */
function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => sameJson(item, right[at]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}

/** `enum` and `const` with values that are arrays or objects. */
export const oneOfValues = <T>(values: readonly unknown[]): z.ZodType<T> =>
  verdict((context) => {
    if (!values.some((value) => sameJson(value, context.value))) fail(context, 'Invalid value');
  });

const TYPE_OF = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** A schema without a type: each keyword judges the values of its own type, and lets all others pass. */
export const byType = <T>(schemas: Readonly<Record<string, Judge>>): z.ZodType<T> =>
  passing((value, context) => {
    const type = TYPE_OF(value);
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (schema === undefined) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });

// --- strings and numbers ---

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** Length counts characters (code points), not UTF-16 units. */
export const minLength =
  (least: number): Check =>
  (context) => {
    const text = context.value;
    if (typeof text !== 'string' || (text.length >= least && codePoints(text) >= least)) return;
    fail(context, `Too short: at least ${least} characters expected`);
  };

export const maxLength =
  (most: number): Check =>
  (context) => {
    const text = context.value;
    if (typeof text !== 'string' || text.length <= most || codePoints(text) <= most) return;
    fail(context, `Too long: at most ${most} characters expected`);
  };

/** Exact for every number that JSON can write: 0.0075 is a multiple of 0.0001. */
export const multipleOf =
  (divisor: number): Check =>
  (context) => {
    const value = context.value;
    if (typeof value !== 'number') return;
    const [left, right] = [decimal(value), decimal(divisor)];
    const scale = Math.min(left.exponent, right.exponent);
    const scaled = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent - scale);
    if (scaled(left) % scaled(right) !== 0n) fail(context, `Not a multiple of ${divisor}`);
  };

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

// --- arrays ---

export const uniqueItems = (): Check => (context) => {
  const items = context.value;
  if (!Array.isArray(items)) return;
  const seen = new Set<unknown>();
  const compound: unknown[] = [];
  for (const [at, item] of items.entries()) {
    const isCompound = typeof item === 'object' && item !== null;
    const repeated = isCompound ? compound.some((other) => sameJson(other, item)) : seen.has(item);
    if (repeated) return fail(context, 'Items must be unique', [at]);
    if (isCompound) compound.push(item);
    else seen.add(item);
  }
};

/** At least `least` and at most `most` items are accepted by the schema. */
export const contains =
  (schema: Judge, least: number = 1, most: number = Number.POSITIVE_INFINITY): Check =>
  (context) => {
    const items = context.value;
    if (!Array.isArray(items)) return;
    const count = items.filter((item) => accepts(schema, item)).length;
    if (count < least) fail(context, `Too few matching items: at least ${least} expected`);
    if (count > most) fail(context, `Too many matching items: at most ${most} expected`);
  };

/** The first items by position, the others by `rest`. */
export const prefixItems =
  (prefix: readonly Judge[], rest?: Judge): Check =>
  (context) => {
    const items = context.value;
    if (!Array.isArray(items)) return;
    for (const [at, item] of items.entries()) {
      const schema = prefix[at] ?? rest;
      if (schema !== undefined) judgePart(context, schema, item, [at]);
    }
  };

// --- objects ---

/** Properties whose names every object inherits: only the object's own count. */
export const ownProperties =
  (schemas: readonly (readonly [name: string, schema: Judge])[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const [name, schema] of schemas) {
      if (Object.hasOwn(object, name)) judgePart(context, schema, object[name], [name]);
    }
  };

export const required =
  (...names: readonly string[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const name of names) if (!Object.hasOwn(object, name)) fail(context, 'Required', [name]);
  };

export const patternProperties =
  (...patterns: readonly (readonly [name: RegExp, schema: Judge])[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const key of Object.keys(object)) {
      for (const [name, schema] of patterns) {
        if (name.test(key)) judgePart(context, schema, object[key], [key]);
      }
    }
  };

/** Properties that are neither named nor match a pattern. */
export const additionalProperties =
  (schema: Judge, named: readonly string[], patterns: readonly RegExp[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const key of Object.keys(object)) {
      if (named.includes(key) || patterns.some((pattern) => pattern.test(key))) continue;
      judgePart(context, schema, object[key], [key]);
    }
  };

export const propertyNames =
  (schema: Judge): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const key of Object.keys(object))
      if (!accepts(schema, key)) fail(context, 'Invalid property name', [key]);
  };

export const minProperties =
  (least: number): Check =>
  (context) => {
    if (!isObject(context.value) || Object.keys(context.value).length >= least) return;
    fail(context, `Too few properties: at least ${least} expected`);
  };

export const maxProperties =
  (most: number): Check =>
  (context) => {
    if (!isObject(context.value) || Object.keys(context.value).length <= most) return;
    fail(context, `Too many properties: at most ${most} expected`);
  };

/** Where the property is present, the others must be too. */
export const dependentRequired =
  (...dependencies: readonly (readonly [name: string, others: readonly string[]])[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const [name, others] of dependencies) {
      if (!Object.hasOwn(object, name)) continue;
      for (const other of others) {
        if (!Object.hasOwn(object, other)) fail(context, `Required when ${name} is present`, [other]);
      }
    }
  };

/** Where the property is present, the object must satisfy the schema. */
export const dependentSchemas =
  (...dependencies: readonly (readonly [name: string, schema: Judge])[]): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    for (const [name, schema] of dependencies) {
      if (Object.hasOwn(object, name)) judgePart(context, schema, object, []);
    }
  };

// --- logic ---

export const not =
  (schema: Judge): Check =>
  (context) => {
    if (accepts(schema, context.value)) fail(context, 'Invalid input: a forbidden form');
  };

export const ifThenElse =
  (condition: Judge, then?: Judge, otherwise?: Judge): Check =>
  (context) => {
    const branch = accepts(condition, context.value) ? then : otherwise;
    if (branch !== undefined) judgePart(context, branch, context.value, []);
  };

/** Alternatives that a property tells apart: the error is that of the alternative that was meant. */
export const discriminated = <T>(
  property: string,
  alternatives: readonly (readonly [value: unknown, schema: Judge])[],
): z.ZodType<T> =>
  passing((value, context) => {
    if (!isObject(value)) {
      context.addIssue({ code: 'custom', message: 'Invalid input: expected object' });
      return z.NEVER;
    }
    const tag = Object.hasOwn(value, property) ? value[property] : undefined;
    const found = alternatives.find(([known]) => known === tag);
    if (found === undefined) {
      const known = alternatives.map(([name]) => JSON.stringify(name)).join(' | ');
      context.addIssue({
        code: 'custom',
        message: `Invalid value: expected one of ${known}`,
        path: [property],
      });
      return z.NEVER;
    }
    const result = found[1].safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });

// --- what no other keyword has looked at ---

/**
 * What the keywords of a schema evaluate: some parts always, others only where a branch accepts the
 * value (`when`) or a property is present (`where`).
 */
export interface Evaluated {
  readonly all?: boolean;
  readonly names?: readonly string[];
  readonly patterns?: readonly RegExp[];
  /** Items from the start of an array. */
  readonly items?: number;
  /** Items that this schema accepts. */
  readonly contains?: Judge;
  readonly when?: Judge;
  readonly otherwise?: readonly Evaluated[];
  readonly where?: string;
  readonly parts?: readonly Evaluated[];
}

/** The parts of `evaluated` that hold for this value, flattened. */
function holding(evaluated: Evaluated, value: unknown): Evaluated[] {
  const { when, where, otherwise = [], parts = [] } = evaluated;
  if (where !== undefined && !(isObject(value) && Object.hasOwn(value, where))) return [];
  if (when !== undefined && !accepts(when, value)) return otherwise.flatMap((part) => holding(part, value));
  return [evaluated, ...parts.flatMap((part) => holding(part, value))];
}

export const unevaluatedProperties =
  (schema: Judge, evaluated: Evaluated): Check =>
  (context) => {
    const object = context.value;
    if (!isObject(object)) return;
    const known = holding(evaluated, object);
    if (known.some(({ all }) => all)) return;
    for (const key of Object.keys(object)) {
      const isKnown = known.some(
        ({ names, patterns }) => names?.includes(key) || patterns?.some((pattern) => pattern.test(key)),
      );
      if (!isKnown) judgePart(context, schema, object[key], [key]);
    }
  };

export const unevaluatedItems =
  (schema: Judge, evaluated: Evaluated): Check =>
  (context) => {
    const array = context.value;
    if (!Array.isArray(array)) return;
    const known = holding(evaluated, array);
    if (known.some(({ all }) => all)) return;
    const start = Math.max(0, ...known.map(({ items }) => items ?? 0));
    for (let at = start; at < array.length; at += 1) {
      const item: unknown = array[at];
      if (known.some((part) => part.contains !== undefined && accepts(part.contains, item))) continue;
      judgePart(context, schema, item, [at]);
    }
  };
