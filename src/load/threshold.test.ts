import { describe, expect, test } from 'vitest';
import { createHistogram, record } from './histogram.ts';
import { checkThreshold, type Figures, parseThreshold } from './threshold.ts';

const latencies = createHistogram();
for (let value = 1; value <= 1000; value += 1) record(latencies, value * 1000);
const FIGURES: Figures = { latencies, total: 1010, failed: 10, perSecond: 500 };
const NOTHING: Figures = { latencies: createHistogram(), total: 0, failed: 0, perSecond: 0 };

describe('thresholds', () => {
  test.each([
    ['p99<1s', true],
    ['p99<900ms', false],
    ['P50 <= 501', true],
    ['p99.9>990ms', true],
    ['max<1001ms', true],
    ['mean<400ms', false],
    ['avg>500ms', true],
    ['min<=1000us', true],
    ['errors<1%', true],
    ['errors<0.5%', false],
    ['success>=99%', true],
    ['rps>499', true],
    ['rps>500', false],
    ['stddev<280ms', false],
  ])('%s: %s', (text, met) => {
    expect(checkThreshold(parseThreshold(text), FIGURES)).toMatchObject({ text, met });
  });

  test.each([
    'p99',
    'p99<',
    'p0<5ms',
    'p101<5ms',
    'errors<5ms',
    'rps>5ms',
    'nonsense<5',
    'p99=5',
    '',
    'toString<5',
  ])('%j is refused', (text) => {
    expect(() => parseThreshold(text)).toThrowError(
      expect.objectContaining({ code: 'LOAD005', kind: 'usage' }),
    );
  });

  test.each(['p99<1s', 'errors<1%', 'success>1%'])('%s is not met when nothing was measured', (text) => {
    expect(checkThreshold(parseThreshold(text), NOTHING)).toMatchObject({ met: false });
  });
});
