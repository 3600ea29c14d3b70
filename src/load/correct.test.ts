import { expect, test } from 'vitest';
import { correctForOmission } from './correct.ts';
import { createHistogram, percentile, record } from './histogram.ts';

test('a stall stands for all the requests that it kept from being sent', () => {
  const histogram = createHistogram();
  for (let count = 0; count < 2000; count += 1) record(histogram, 1000);
  record(histogram, 1_000_000);
  expect(percentile(histogram, 99)).toBeCloseTo(1000, -1);
  const corrected = correctForOmission(histogram);
  // 999 more of 999, 998 ... 1 ms: a third of all requests would have met the stall.
  expect(corrected.total).toBeGreaterThanOrEqual(2998);
  expect(corrected.total).toBeLessThanOrEqual(3001);
  expect(percentile(corrected, 99) / 1000).toBeCloseTo(970, -1);
  expect(percentile(corrected, 66) / 1000).toBeLessThan(2);
});

test('the gaps are those of the definition, one by one', () => {
  const histogram = createHistogram();
  for (const value of [100, 100, 100, 450]) record(histogram, value);
  const expected = createHistogram();
  for (const value of [100, 100, 100, 450, 350, 250, 150]) record(expected, value);
  expect(correctForOmission(histogram).counts).toEqual(expected.counts);
});

test('a steady service has nothing to correct', () => {
  const histogram = createHistogram();
  for (let value = 1000; value < 1900; value += 1) record(histogram, value);
  expect(correctForOmission(histogram).counts).toEqual(histogram.counts);
});
