import { COARSE_BITS, createHistogram, type Histogram, mergeInto, record, unrecord } from './histogram.ts';

/** What happened in one stretch of the run. */
interface Slot {
  readonly latencies: Histogram;
  faults: number;
}

/**
 * Counts over time in bounded memory: stretches of one second, until there are too many; then each two
 * become one. All series have widths of 2^n seconds, so that any two can be added.
 */
export interface Series {
  /** Seconds that a slot spans. */
  width: number;
  readonly slots: (Slot | undefined)[];
}

const MOST_SLOTS = 240;

export function createSeries(): Series {
  return { width: 1, slots: [] };
}

/** Adds one answer, `at` milliseconds from the start. Allocates only at the first of each slot. */
export function addAnswer(series: Series, at: number, microseconds: number): void {
  record(slotAt(series, at).latencies, microseconds);
}

/** Adds one fault. */
export function addFault(series: Series, at: number): void {
  slotAt(series, at).faults += 1;
}

/** Makes a fault of an answer that was added. */
export function retractAnswer(series: Series, at: number, microseconds: number): void {
  const slot = slotAt(series, at);
  unrecord(slot.latencies, microseconds);
  slot.faults += 1;
}

/** Adds `from` to `into`, in the wider slots of the two. */
export function mergeSeries(into: Series, from: Series): void {
  while (into.width < from.width) widen(into);
  from.slots.forEach((slot, index) => {
    if (slot === undefined) return;
    const own = slotAt(into, index * from.width * 1000);
    mergeInto(own.latencies, slot.latencies);
    own.faults += slot.faults;
  });
}

function slotAt(series: Series, at: number): Slot {
  let index = Math.floor(at / 1000 / series.width);
  while (index >= MOST_SLOTS) {
    widen(series);
    index = Math.floor(at / 1000 / series.width);
  }
  let slot = series.slots[index];
  if (slot === undefined) {
    slot = { latencies: createHistogram(COARSE_BITS), faults: 0 };
    series.slots[index] = slot;
  }
  return slot;
}

function widen(series: Series): void {
  const old = series.slots.splice(0);
  series.width *= 2;
  old.forEach((slot, index) => {
    if (slot === undefined) return;
    const half = Math.floor(index / 2);
    const own = series.slots[half];
    if (own === undefined) series.slots[half] = slot;
    else {
      mergeInto(own.latencies, slot.latencies);
      own.faults += slot.faults;
    }
  });
}
