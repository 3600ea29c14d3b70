import { expect, test } from 'vitest';
import { progressOf } from './progress.ts';
import { countAnswer, countFault, createTally, statusRule } from './tally.ts';

test('progress counts every end and times the successful ones', () => {
  const tally = createTally();
  const isExpected = statusRule(undefined);
  for (const latency of [1000, 2000, 3000]) countAnswer(tally, 200, latency, 0, isExpected);
  countAnswer(tally, 503, 10, 0, isExpected);
  countFault(tally, 'reset', 0, 'gone');
  tally.elapsed = 2500;
  expect(progressOf(tally, isExpected, 10)).toEqual({
    elapsedSeconds: 2.5,
    durationSeconds: 10,
    requests: 5,
    failed: 2,
    p50: 2,
    p99: 3,
  });
});
