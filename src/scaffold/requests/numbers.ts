import type { Schema } from '../model/schema.ts';
import type { Random } from './random.ts';

/** Where nothing is said, a number that every server can hold. */
const USUAL_SPAN = 1000;

/** A number within its limits, a multiple of what it has to be one of. NaN never; out of its limits when nothing is within. */
export function madeNumber(schema: Schema, random: Random, whole: boolean): number {
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const unit = multipleOf ?? (whole ? 1 : 0);
  // Whole multiples of 0.05 are those that every way of dividing agrees on.
  const even = unit > 0 && !Number.isInteger(unit) ? wholeMultiple(unit) : unit;
  const room = Math.floor((maximum ?? even) / even) - Math.ceil((minimum ?? 0) / even);
  const step =
    whole || (even > 0 && room >= 0 && exclusiveMinimum === undefined && exclusiveMaximum === undefined)
      ? even
      : unit;
  const gap = step > 0 ? step / 2 : spacing(exclusiveMinimum, exclusiveMaximum, minimum, maximum);
  const above = exclusiveMinimum === undefined ? undefined : exclusiveMinimum + gap;
  const below = exclusiveMaximum === undefined ? undefined : exclusiveMaximum - gap;
  const low = highest(minimum, above) ?? Math.min(1, (lowest(maximum, below) ?? 1) - USUAL_SPAN);
  const high = lowest(maximum, below) ?? Math.max(low, 0) + Math.max(USUAL_SPAN, step * 10);
  if (step === 0) return Number((low + random() * (high - low)).toPrecision(12));
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const chosen = first + Math.floor(random() * (last - first + 1));
  return clean(Math.min(Math.max(chosen, first), Math.max(first, last)) * step);
}

/** The least multiple that is a whole number, for units such as 0.5. */
function wholeMultiple(unit: number): number {
  for (let count = 1; count <= 1000; count += 1)
    if (Number.isInteger(clean(unit * count))) return clean(unit * count);
  return unit;
}

/** 0.1 times 3 is 0.3. */
const clean = (value: number): number => Number(value.toPrecision(15));

/** Between exclusive limits of any distance there is something. */
function spacing(...limits: readonly (number | undefined)[]): number {
  const given = limits.filter((limit) => limit !== undefined);
  const width = given.length < 2 ? 1 : Math.max(...given) - Math.min(...given);
  return width > 0 ? Math.min(0.5, width / 4) : 0.5;
}

const highest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

const lowest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
