import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketIndex,
  bucketRange,
  COARSE_BITS,
  createHistogram,
  FINE_BITS,
  type Histogram,
  LARGEST_VALUE,
  mean,
  merged,
  percentile,
  record,
  standardDeviation,
} from './histogram.ts';

const value = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: LARGEST_VALUE }));
const values = fc.array(value, { minLength: 1, maxLength: 300 });

function histogramOf(list: readonly number[], bits = FINE_BITS): Histogram {
  const histogram = createHistogram(bits);
  for (const item of list) record(histogram, item);
  return histogram;
}

function nearestRank(list: readonly number[], percent: number): number {
  const sorted = [...list].sort((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil((percent / 100) * list.length - 1e-9)) - 1] ?? 0;
}

describe('histogram', () => {
  test.each([FINE_BITS, COARSE_BITS])('every value lies in its bucket, to 2^-%i of itself', (bits) => {
    fc.assert(
      fc.property(value, (item) => {
        const { low, width } = bucketRange(bits, bucketIndex(bits, item));
        expect(item).toBeGreaterThanOrEqual(low);
        expect(item).toBeLessThan(low + width);
        expect(width === 1 || width / low <= 2 ** (1 - bits)).toBe(true);
      }),
    );
  });

  test('the buckets follow each other without a gap, and the largest value has the last one', () => {
    const { counts } = createHistogram(COARSE_BITS);
    for (let index = 1; index < counts.length; index += 1) {
      const before = bucketRange(COARSE_BITS, index - 1);
      expect(bucketRange(COARSE_BITS, index).low).toBe(before.low + before.width);
    }
    expect(bucketIndex(COARSE_BITS, LARGEST_VALUE)).toBe(counts.length - 1);
  });

  test.each([0, 50, 90, 95, 99, 99.9, 100])(
    'P%d is the nearest-rank percentile to three digits',
    (percent) => {
      fc.assert(
        fc.property(values, (list) => {
          const exact = nearestRank(list, percent);
          expect(Math.abs(percentile(histogramOf(list), percent) - exact)).toBeLessThanOrEqual(
            exact / 2048 + 0.5,
          );
        }),
      );
    },
  );

  test('merging parts is the same as recording everything in one', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (lists) => {
        expect(merged(lists.map((list) => histogramOf(list)))).toEqual(histogramOf(lists.flat()));
      }),
    );
  });

  test('the mean is exact and the deviation is right to three digits', () => {
    const histogram = histogramOf([1000, 2000, 3000, 4000]);
    expect(mean(histogram)).toBe(2500);
    expect(standardDeviation(histogram)).toBeCloseTo(1290.994, -1);
  });

  test('an empty histogram has no figures, and values outside the range are clamped', () => {
    expect(percentile(createHistogram(), 99)).toBe(0);
    expect(mean(createHistogram())).toBe(0);
    const clamped = histogramOf([-5, 2 ** 40]);
    expect([clamped.min, clamped.max]).toEqual([0, LARGEST_VALUE]);
  });
});
