// Checks for the keywords of JSON Schema that combine schemas, and for those that look at what the others left.
import { z } from 'zod';
import { accepts, type Check, fail, handOn, isObject, type Judge, judgePart, passing } from './judge.js';

/**
 * A schema and checks that see the value as it came. Checks of Zod's own come after it, when defaults
 * have been filled in and a property named `__proto__` is gone.
 */
export const checked = <T>(schema: Judge, ...checks: readonly Check[]): z.ZodType<T> =>
  passing((value, context) => {
    for (const check of checks) check(context);
    return handOn(context, schema, value);
  });

/** What all the schemas accept. In Zod's intersection, a property that only one of them refuses passes. */
export const allOf = <T>(...schemas: readonly Judge[]): z.ZodType<T> =>
  passing((value, context) => {
    let merged = value;
    for (const schema of schemas) merged = merge(merged, handOn(context, schema, value), value);
    return merged;
  });

/** What two schemas made of the same value, together: where only one of them changed it, that change. */
function merge(left: unknown, right: unknown, value: unknown): unknown {
  if (left === right || right === value) return left;
  if (left === value) return right;
  if (Array.isArray(left) && Array.isArray(right) && Array.isArray(value)) {
    return left.map((item, at) => merge(item, right[at], value[at]));
  }
  if (!isObject(left) || !isObject(right) || !isObject(value)) return left;
  const both: Record<string, unknown> = { ...right, ...left };
  for (const key of Object.keys(right)) {
    if (Object.hasOwn(left, key)) both[key] = merge(left[key], right[key], value[key]);
  }
  return both;
}

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
    return handOn(context, found[1], value);
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
