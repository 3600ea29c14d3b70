import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareOut } from './share.ts';

const capacities = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('shares', () => {
  test('add up to the whole, each at least one, and windows cover every request once', () => {
    fc.assert(
      fc.property(capacities, fc.nat(5000), fc.nat(5000), (given, more, others) => {
        const whole = { connections: given.length + more, requests: given.length + others };
        const shares = shareOut(given, whole);
        expect(sum(shares.map(({ connections }) => connections))).toBe(whole.connections);
        expect(sum(shares.map(({ requests = 0 }) => requests))).toBe(whole.requests);
        expect(sum(shares.map(({ part }) => part))).toBeCloseTo(1, 9);
        expect(Math.min(...shares.map(({ connections }) => connections))).toBeGreaterThanOrEqual(1);
        let next = 0;
        for (const { window } of shares) {
          expect(window.first).toBe(next);
          next += window.width;
        }
        expect(shares.every(({ window }) => window.of === next)).toBe(true);
      }),
    );
  });

  test('follow capacity', () => {
    const shares = shareOut([2, 4, 2], { connections: 40, requests: 80 });
    expect(shares.map(({ connections, requests }) => [connections, requests])).toEqual([
      [10, 20],
      [20, 40],
      [10, 20],
    ]);
    expect(shares.map(({ window }) => window)).toEqual([
      { first: 0, of: 4, width: 1 },
      { first: 1, of: 4, width: 2 },
      { first: 3, of: 4, width: 1 },
    ]);
  });

  test.each([
    ['connections', { connections: 2 }],
    ['requests', { connections: 3, requests: 2 }],
  ])('too few %s are refused', (what, whole) => {
    expect(() => shareOut([1, 1, 1], whole)).toThrow(`2 ${what} cannot be shared by 3 workers`);
  });
});
