import { expect, test } from 'vitest';
import { RateLimitWatch } from './rate-limit.ts';

const head = (...lines: string[]): string =>
  ['HTTP/1.1 429 Too Many Requests', ...lines, '', ''].join('\r\n');

/** A service that lets `limit` requests through in each `period`, asked once every 10 ms. */
function watch(
  limit: number,
  period: number,
  duration: number,
  rejection: (at: number) => string,
): RateLimitWatch {
  const watching = new RateLimitWatch();
  let [window, count] = [0, 0];
  for (let at = 0; at < duration; at += 10) {
    if (Math.floor(at / period) > window) [window, count] = [Math.floor(at / period), 0];
    count += 1;
    if (count <= limit) watching.observe(200, at, 'HTTP/1.1 200 OK\r\n\r\n');
    else watching.observe(429, at, rejection(at));
  }
  return watching;
}

const untilNext = (period: number) => (at: number) => Math.ceil((period - (at % period)) / 1000);

test('a fixed window is measured and agrees with its headers', () => {
  const wait = untilNext(1000);
  const report = watch(20, 1000, 5000, (at) =>
    head('RateLimit-Limit: 20', `Retry-After: ${wait(at)}`),
  ).report();
  expect(report).toMatchObject({
    seen: true,
    allowedFirst: 20,
    firstSeconds: 0.2,
    periodSeconds: 1,
    allowedPerPeriod: 20,
    announced: { limit: 20, retryAfterSeconds: 1 },
    beyondLimit: 0,
  });
  expect(report.retryAfterErrorSeconds).toBeLessThanOrEqual(1);
});

test('requests let through beyond the announced limit are counted', () => {
  const report = watch(25, 1000, 3000, () => head('X-RateLimit-Limit: 20')).report();
  // The first window, and the second: the third may not be over.
  expect(report).toMatchObject({ announced: { limit: 20 }, allowedPerPeriod: 25, beyondLimit: 10 });
});

test('answers that overtake each other where the limit is lifted make no periods of their own', () => {
  const watching = new RateLimitWatch();
  for (let window = 0; window < 4; window += 1) {
    const start = window * 1000;
    for (const [at, status] of [
      [0, 200],
      [1, 429],
      [2, 200],
      [3, 429],
      [4, 200],
      [5, 429],
      [900, 429],
    ] as const) {
      watching.observe(status, start + at, head());
    }
  }
  expect(watching.report()).toMatchObject({ periodSeconds: 1, allowedPerPeriod: 3 });
});

test('a Retry-After that promises too much is found out', () => {
  const report = watch(20, 2000, 5000, () => head('Retry-After: 30')).report();
  expect(report.retryAfterErrorSeconds).toBeGreaterThan(25);
});

test.each([
  [
    ['RateLimit-Policy: "default";q=100;w=60', 'RateLimit: "default";r=0;t=5'],
    { limit: 100, windowSeconds: 60 },
  ],
  [['RateLimit: limit=50, remaining=0, reset=7'], { limit: 50 }],
  [['RateLimit-Limit: 10, 10;w=1'], { limit: 10, windowSeconds: 1 }],
  [['RateLimit-Policy: 100;w=900'], { limit: 100, windowSeconds: 900 }],
  [['Retry-After: Wed, 21 Oct 2015 07:28:00 GMT'], {}],
])('%j is understood', (lines, announced) => {
  const watching = new RateLimitWatch();
  watching.observe(429, 0, head(...lines));
  expect(watching.report().announced).toEqual(announced);
});

test('a service without a limit is reported as such', () => {
  expect(watch(1000, 1000, 2000, () => '').report()).toEqual({
    seen: false,
    rejected: 0,
    allowedFirst: 200,
    announced: {},
  });
});
