import { describe, expect, test } from 'vitest';
import { type Block, normalCdf, normalQuantile, studentQuantile } from './bootstrap.ts';
import { compareBlocks } from './compare.ts';
import { createHistogram, record } from './histogram.ts';

/** A generator of its own for each test: the same numbers on every machine (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const gauss = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface Service {
  /** Factor on every latency. */
  readonly slower?: number;
  readonly failing?: number;
  readonly answers?: number;
}

/** Blocks of a service whose speed drifts from block to block as `drift` says, with a log-normal latency. */
function blocksOf(
  random: () => number,
  drift: readonly number[],
  { slower = 1, failing = 0, answers = 300 }: Service,
): Block[] {
  return drift.map((factor) => {
    const latencies = createHistogram();
    const own = slower * factor * (1 + 0.02 * gauss(random));
    for (let count = 0; count < answers; count += 1)
      record(latencies, 5000 * own * Math.exp(0.3 * gauss(random)));
    return { latencies, failed: failing, seconds: (answers * 0.005 * own) / 10 };
  });
}

function compare(seed: number, one: Service, two: Service, blocks = 20) {
  const random = seeded(seed);
  const drift = Array.from({ length: blocks }, () => Math.exp(0.1 * gauss(random)));
  return compareBlocks(blocksOf(random, drift, one), blocksOf(random, drift, two), { paired: true, random });
}

describe('failures', () => {
  const withFailures = (counts: readonly number[], random: () => number): Block[] => {
    const drift = counts.map(() => 1);
    return blocksOf(random, drift, {}).map((block, at) => ({ ...block, failed: counts[at] ?? 0 }));
  };
  const verdictOn = (one: readonly number[], two: readonly number[]) => {
    const random = seeded(7);
    return compareBlocks(withFailures(one, random), withFailures(two, random), { paired: true, random });
  };
  const some = [15, 17, 14, 16, 15, 18, 13, 15, 16, 15];

  test('that chance explains make nobody worse', () => {
    expect(verdictOn(some, [16, 15, 17, 14, 16, 17, 15, 16, 14, 16]).verdict).not.toBe('worse');
    // One burst says little of ten blocks.
    expect(verdictOn([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 40, 0, 0, 0, 0, 0, 0, 0]).verdict).not.toBe(
      'worse',
    );
  });

  test('that are more in every block do', () => {
    const more = verdictOn(
      some,
      some.map((count) => count + 5),
    );
    expect(more).toMatchObject({ verdict: 'worse', reason: expect.stringContaining('it fails') });
    expect(
      verdictOn(
        some,
        some.map((count) => count - 5),
      ).verdict,
    ).not.toBe('worse');
  });
});

describe('comparing', () => {
  test('equal services are called different in at most 5 % of comparisons', () => {
    const runs = 25;
    let different = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      const { verdict } = compare(seed, {}, {});
      if (verdict === 'better' || verdict === 'worse') different += 1;
    }
    // The seeds are fixed, so this cannot fail by chance.
    expect(different / runs).toBeLessThanOrEqual(0.05);
  });

  test('a slowdown of 5 % is found, whatever the machine does to both', () => {
    for (let seed = 1; seed <= 10; seed += 1)
      expect(compare(seed, {}, { slower: 1.05 }).verdict).toBe('worse');
  });

  test('a speed-up is better, with the sign of each metric as it is', () => {
    const { verdict, metrics } = compare(1, { slower: 1.2 }, {});
    expect(verdict).toBe('better');
    const rate = metrics.find(({ name }) => name === 'Requests/s');
    const median = metrics.find(({ name }) => name === 'P50');
    expect(rate?.difference).toBeGreaterThan(0);
    expect(median?.difference).toBeLessThan(0);
    expect([rate?.verdict, median?.verdict]).toEqual(['better', 'better']);
  });

  test('the interval holds the true difference and the difference itself', () => {
    const { metrics } = compare(3, {}, { slower: 1.1 });
    const median = metrics.find(({ name }) => name === 'P50');
    expect(median?.interval.low).toBeLessThan(0.1);
    expect(median?.interval.high).toBeGreaterThan(0.1);
    expect(median?.interval.low).toBeLessThan(median?.difference ?? 0);
  });

  test('a target that fails more never wins, however quick it is', () => {
    expect(compare(1, { slower: 2 }, { failing: 10 })).toMatchObject({ verdict: 'worse' });
    expect(compare(1, { slower: 2, answers: 20_000 }, { failing: 1, answers: 20_000 }, 6)).toMatchObject({
      verdict: 'no difference shown',
      reason: expect.stringContaining('fails'),
    });
  });

  test('a dead target never wins', () => {
    expect(compare(1, { slower: 40 }, { answers: 0, failing: 9999 }).verdict).toBe('worse');
    expect(compare(1, { answers: 0, failing: 9999 }, { slower: 40 }).verdict).toBe('better');
    expect(compare(1, { answers: 0, failing: 9 }, { answers: 0, failing: 9 }).verdict).toBe('too noisy');
  });

  test('few, wild blocks are too noisy to tell', () => {
    const random = seeded(5);
    const wild = (): Block[] => blocksOf(random, [1, 5, 0.3, 2], { answers: 30 });
    const { verdict, metrics } = compareBlocks(wild(), wild(), { paired: false, random });
    expect(verdict).toBe('too noisy');
    expect(metrics[0]?.detectable).toBeGreaterThan(0.25);
  });

  test('with a given rate, requests per second are no merit', () => {
    const random = seeded(1);
    const blocks = blocksOf(random, [1, 1, 1, 1], {});
    const { metrics } = compareBlocks(blocks, blocks, { paired: true, random, fixedRate: true });
    expect(metrics.map(({ name }) => name)).toEqual(['Avg', 'P50', 'P90', 'P95', 'P99']);
  });

  test('fewer than four blocks are refused', () => {
    expect(() => compare(1, {}, {}, 3)).toThrow(RangeError);
  });
});

describe('distributions', () => {
  test.each([
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.5, 0],
  ])('the normal quantile of %d is %d', (share, value) => {
    expect(normalQuantile(share)).toBeCloseTo(value, 4);
    expect(normalCdf(value)).toBeCloseTo(share, 5);
  });

  test.each([
    [0.975, 5, 2.570582],
    [0.975, 19, 2.093024],
    [0.995, 9, 3.249836],
  ])("Student's quantile of %d with %d degrees is %d", (share, degrees, value) => {
    expect(Math.abs(studentQuantile(share, degrees) - value)).toBeLessThan(0.01);
  });
});
