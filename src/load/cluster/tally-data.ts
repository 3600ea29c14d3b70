// Tallies as plain data and back, without loss: every bucket with its count. What comes in is of another machine, and is
// checked to be a tally that some run could have counted.
import { FAULT_KINDS, type FaultCount, type FaultKind } from '../fault.ts';
import { COARSE_BITS, createHistogram, FINE_BITS, type Histogram, LARGEST_VALUE } from '../histogram.ts';
import type { OperationTally } from '../operation-tally.ts';
import type { Series } from '../series.ts';
import type { StepTally, Tally } from '../tally.ts';
import { list, number, object, pair, record, type Shape, text, whole, wrong } from './shape.ts';

/** How one part of a tally travels. */
interface Codec<T> {
  encode(value: T): unknown;
  readonly decode: Shape<T>;
}

const MOST = Number.MAX_SAFE_INTEGER;
const LAST_STATUS = 999;
const MOST_SLOTS = 240;
const MOST_STEPS = 10_000;
const LONGEST_SAMPLE = 500;
const LONGEST_RUN = 1e12;

const count = whole(0, MOST);
const time = number(0, LONGEST_RUN);

/** A histogram: sum, least, greatest, and index and count of each occupied bucket in turn. */
export const encodeHistogram = ({ counts, sum, min, max }: Histogram): unknown => {
  const buckets: number[] = [];
  counts.forEach((held, index) => {
    if (held > 0) buckets.push(index, held);
  });
  return { sum, min, max, buckets };
};

const HISTOGRAM = object({
  sum: number(0, Number.MAX_VALUE),
  min: whole(0, LARGEST_VALUE),
  max: whole(0, LARGEST_VALUE),
  buckets: list(whole(0, MOST), 50_000),
});

/** The shape of a histogram of `bits`; its total is that of its buckets. */
export const histogramShape =
  (bits: number): Shape<Histogram> =>
  (value, at) => {
    const { sum, min, max, buckets } = HISTOGRAM(value, at);
    const histogram = createHistogram(bits);
    let last = -1;
    for (let index = 0; index < buckets.length; index += 2) {
      const [bucket = 0, held = 0] = [buckets[index], buckets[index + 1]];
      if (bucket <= last || bucket >= histogram.counts.length || held < 1)
        return wrong(at, 'a list of rising buckets with counts');
      histogram.counts[bucket] = held;
      histogram.total += held;
      last = bucket;
    }
    return Object.assign(histogram, { sum, min, max });
  };

const sparse = <T>(value: readonly (T | undefined)[], encode: (one: T) => unknown): unknown =>
  value.flatMap((one, index) => (one === undefined ? [] : [[index, encode(one)]]));

const sparseShape =
  <T>(shape: Shape<T>, last: number): Shape<(T | undefined)[]> =>
  (value, at) => {
    const filled: (T | undefined)[] = [];
    for (const [index, one] of list(pair(whole(0, last), shape), last + 1)(value, at)) filled[index] = one;
    return filled;
  };

const itself = <T>(decode: Shape<T>): Codec<T> => ({ encode: (value) => value, decode });

const FINE = histogramShape(FINE_BITS);
const COARSE = histogramShape(COARSE_BITS);
const FAULT = object({ count, firstSeen: time, sample: text(LONGEST_SAMPLE) });
const STEP = object({ latencies: FINE, failed: count });
const SLOT = object({ latencies: COARSE, faults: count });
const SERIES = object({ width: whole(1, 2 ** 30), slots: sparseShape(SLOT, MOST_SLOTS - 1) });

const faults: Codec<Tally['faults']> = {
  encode: (value) =>
    Object.entries(value).map(([kind, { count: held, firstSeen, sample }]) => [
      kind,
      { count: held, firstSeen: Math.max(0, firstSeen), sample: sample.slice(0, LONGEST_SAMPLE) },
    ]),
  decode: (value, at) => {
    const kinds = list(pair(text(50), FAULT), Object.keys(FAULT_KINDS).length)(value, at);
    const decoded: Partial<Record<FaultKind, FaultCount>> = {};
    for (const [kind, fault] of kinds) {
      if (!Object.hasOwn(FAULT_KINDS, kind)) wrong(at, 'a list of kinds of faults');
      // It is a key of the table, as was seen just now.
      decoded[kind as FaultKind] = fault;
    }
    return decoded;
  },
};

const series: Codec<Series> = {
  encode: ({ width, slots }) => ({
    width,
    slots: sparse(slots, (slot) => ({ latencies: encodeHistogram(slot.latencies), faults: slot.faults })),
  }),
  decode: (value, at) => {
    const { width, slots } = SERIES(value, at);
    // Widths are powers of two, or two series could not be added.
    return (width & (width - 1)) === 0 ? { width, slots } : wrong(`${at}.width`, 'a power of two');
  },
};

const steps: Codec<StepTally[]> = {
  encode: (value) =>
    value.map(({ latencies, failed }) => ({ latencies: encodeHistogram(latencies), failed })),
  decode: list(STEP, MOST_STEPS),
};

const OPERATION = object({
  latencies: COARSE,
  statuses: sparseShape(count, LAST_STATUS),
  faults: record(count, Object.keys(FAULT_KINDS).length),
  bytes: count,
});

const operations: Codec<OperationTally[]> = {
  encode: (value) =>
    value.map(({ latencies, statuses, ...rest }) => ({
      latencies: encodeHistogram(latencies),
      statuses: sparse(statuses, (held) => held),
      ...rest,
    })),
  decode: (value, at) =>
    list(OPERATION, MOST_STEPS)(value, at).map(({ faults: kinds, statuses, ...rest }) => {
      if (Object.keys(kinds).some((kind) => !Object.hasOwn(FAULT_KINDS, kind)))
        wrong(at, 'a list of kinds of faults');
      // A hole is what an array of numbers holds for statuses that were not seen.
      return { ...rest, statuses: statuses as number[], faults: kinds };
    }),
};

/** Every part of a tally: a part without an entry here does not compile. */
const CODECS: { readonly [Part in keyof Tally]-?: Codec<Tally[Part]> } = {
  latencies: {
    encode: (value) => sparse(value, encodeHistogram),
    decode: sparseShape(FINE, LAST_STATUS),
  },
  statusFirstSeen: {
    encode: (value) => sparse(value, (at) => Math.max(0, at)),
    // A hole is what an array of numbers holds for statuses that were not seen.
    decode: (value, at) => sparseShape(time, LAST_STATUS)(value, at) as number[],
  },
  faults,
  connects: { encode: encodeHistogram, decode: FINE },
  bytesReceived: itself(count),
  bytesSent: itself(count),
  series,
  warmUp: itself(count),
  unsent: itself(count),
  largestBacklog: itself(count),
  cutOff: itself(count),
  redirects: itself(count),
  steps,
  operations,
  elapsed: itself(time),
};

/** A tally as plain data. */
export function encodeTally(tally: Tally): object {
  const parts = Object.entries(CODECS).map(([part, codec]) => [
    part,
    // Each codec is given its own part; TypeScript cannot follow that through the loop.
    (codec as Codec<unknown>).encode(tally[part as keyof Tally]),
  ]);
  return Object.fromEntries(parts);
}

/** The shape of an encoded tally. */
export const tallyShape: Shape<Tally> = (value, at) => {
  const decoders = Object.fromEntries(Object.entries(CODECS).map(([part, { decode }]) => [part, decode]));
  // The table has every part of a tally, each with its own type.
  return object(decoders as Record<string, Shape<unknown>>)(value, at) as unknown as Tally;
};
