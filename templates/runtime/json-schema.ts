// Checks for what JSON Schema can say and Zod has no word for. Each has the name of its keyword.
import type { z } from 'zod';
import {
  accepts,
  type Check,
  fail,
  handOn,
  isObject,
  type Judge,
  judgePart,
  passing,
  verdict,
} from './judge.js';

export * from './formats.js';
export * from './json-schema-logic.js';

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
    return handOn(context, schema, value);
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
