/** Uniform in [0, 1). */
export type Random = () => number;

/** A small generator (mulberry32): the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list, which is not empty. */
export const pick = <Item>(random: Random, list: readonly Item[]): Item =>
  list[Math.floor(random() * list.length)] as Item;

/** A whole number from `low` to `high`, both included. */
export const between = (random: Random, low: number, high: number): number =>
  Math.floor(low + random() * (high - low + 1));

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => LETTERS[between(random, 0, 25)]).join('');

export const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(between(random, 0, 9))).join('');
