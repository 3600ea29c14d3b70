import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer, dueTime, segmentsOf, totalDuration } from './pace.ts';

const stages = fc.array(
  fc.record({ duration: fc.integer({ min: 100, max: 3000 }), rate: fc.integer({ min: 1, max: 500 }) }),
  { minLength: 1, maxLength: 4 },
);

/** All due times of a schedule. */
function allDue(segments: ReturnType<typeof segmentsOf>, first = 0, of = 1): number[] {
  const times: number[] = [];
  for (let index = first; ; index += of) {
    const time = dueTime(segments, index);
    if (time === Number.POSITIVE_INFINITY) return times;
    times.push(time);
  }
}

describe('the open model', () => {
  test('a constant rate is due at even distances, from the first moment', () => {
    expect(allDue(segmentsOf([{ duration: 1000, rate: 5 }], 0))).toEqual([0, 200, 400, 600, 800]);
  });

  test('stages follow each other', () => {
    const segments = segmentsOf(
      [
        { duration: 1000, rate: 2 },
        { duration: 500, rate: 10 },
      ],
      0,
    );
    expect(allDue(segments)).toEqual([0, 500, 1000, 1100, 1200, 1300, 1400]);
  });

  test('a ramp starts slow and holds half as many requests', () => {
    const times = allDue(segmentsOf([{ duration: 2000, rate: 100 }], 1000));
    expect(times.filter((time) => time < 1000)).toHaveLength(50);
    expect(times.filter((time) => time >= 1000)).toHaveLength(100);
    expect(times[1]).toBeCloseTo(Math.sqrt(2 / 100) * 1000, 6);
  });

  test('a ramp longer than its first stage goes on into the next', () => {
    const segments = segmentsOf(
      [
        { duration: 500, rate: 100 },
        { duration: 1000, rate: 200 },
      ],
      1000,
    );
    expect(segments).toEqual([
      { duration: 500, from: 0, to: 50 },
      { duration: 500, from: 50, to: 100 },
      { duration: 500, from: 200, to: 200 },
    ]);
  });

  test('the times never go back, and as many come due as the area under the rate', () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 0, max: 2000 }), (list, ramp) => {
        const segments = segmentsOf(list, ramp);
        const times = allDue(segments);
        expect(
          times.every((time, at) => time >= (times[at - 1] ?? 0) && time <= totalDuration(segments)),
        ).toBe(true);
        const area = segments.reduce(
          (sum, { duration, from, to }) => sum + (duration * (from + to)) / 2000,
          0,
        );
        expect(Math.abs(times.length - area)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('clients that share a schedule owe each request exactly once', () => {
    const segments = segmentsOf([{ duration: 1000, rate: 97 }], 300);
    const shared = [0, 1, 2]
      .flatMap((first) => allDue(segments, first, 3))
      .sort((left, right) => left - right);
    expect(shared).toEqual(allDue(segments));
  });

  test('machines of unequal capacity and their threads owe each request exactly once, and know their backlog', () => {
    const segments = segmentsOf([{ duration: 1000, rate: 97 }], 300);
    const windows = [3, 1, 5].map((width, at) => ({ first: [0, 3, 4][at] ?? 0, of: 9, width }));
    const backlogs: number[] = [];
    const shared = windows
      .flatMap((window) => [0, 1].map((first) => ({ first, of: 2, window })))
      .flatMap((share) => {
        const pacer = createPacer({ kind: 'open', segments, share });
        const times: number[] = [];
        backlogs.push(pacer.backlog(5000));
        for (let due = pacer.due(5000); !Number.isNaN(due); due = pacer.due(5000)) {
          times.push(due);
          pacer.advance();
        }
        expect([times.length, pacer.backlog(5000)]).toEqual([backlogs.at(-1), 0]);
        return times;
      });
    expect(shared.sort((left, right) => left - right)).toEqual(allDue(segments));
  });

  test('the pacer tells what is due, how long to wait and how far it is behind', () => {
    const pace = {
      kind: 'open',
      segments: segmentsOf([{ duration: 1000, rate: 10 }], 0),
      share: { first: 0, of: 1 },
    } as const;
    const pacer = createPacer(pace);
    expect(pacer.due(0)).toBe(0);
    pacer.advance();
    expect(pacer.due(50)).toBeNaN();
    expect(pacer.wait(50)).toBe(50);
    expect(pacer.due(350)).toBe(100);
    expect(pacer.backlog(350)).toBe(3);
    expect(pacer.backlog(5000)).toBe(9);
  });
});

test('in the closed model a request is always due', () => {
  const pacer = createPacer({ kind: 'closed', ramp: 0 });
  expect([pacer.due(5), pacer.wait(5), pacer.backlog(5)]).toEqual([5, Number.POSITIVE_INFINITY, 0]);
});
