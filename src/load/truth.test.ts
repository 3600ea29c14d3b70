// Servers of known latency: what is reported has to be what arithmetic says. The margins are wide
// because the tests share their machine; bench/ has the narrow ones.
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../test/support/faulty-server.ts';
import { runLoad } from './run.ts';
import type { LoadOptions } from './settings.ts';

const never = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `http://127.0.0.1:${await listen(server)}/`;
}

/** Answers at once, but stalls for the first `stall` of every `period` milliseconds. */
function stalling(stall: number, period: number): Promise<string> {
  const start = performance.now();
  return serve((_request, response) => {
    const into = (performance.now() - start) % period;
    setTimeout(() => response.end('ok'), into < stall ? stall - into : 0);
  });
}

const run = (url: string, options: Partial<LoadOptions>) => runLoad({ url, timeout: 5, ...options }, never);

describe('the open model', () => {
  test('does not hide a stall: latency counts from when a request was due', async () => {
    const url = await stalling(400, 1000);
    // Few connections: most requests that come due in a stall wait here, and that counts.
    const { latency, requests } = await run(url, { rate: 200, duration: 3, connections: 5 });
    // A request meets the stall with 40 % and then waits evenly between 0 and 400 ms.
    expect(latency?.p90).toBeGreaterThan(270);
    expect(latency?.p90).toBeLessThan(340);
    expect(latency?.p99).toBeGreaterThan(360);
    expect(latency?.p99).toBeLessThan(460);
    expect(latency?.p50).toBeLessThan(100);
    expect(requests.total + requests.cutOff + requests.unsent).toBe(600);
  });

  test('sends what is due, in stages and after a warm-up', async () => {
    let seen = 0;
    const url = await serve((_request, response) => {
      seen += 1;
      response.end('ok');
    });
    const stages = [
      { duration: 0.5, rate: 100 },
      { duration: 0.5, rate: 300 },
    ];
    const { requests, settings } = await run(url, { stages, warmup: 0.5 });
    expect(settings).toMatchObject({ model: 'open', duration: 1, warmup: 0.5 });
    // 50 in the warm-up and 200 after it; the last ones may be on the wire at the end.
    expect(requests.total + requests.warmUp + requests.cutOff + requests.unsent).toBe(250);
    expect(Math.abs(requests.warmUp - 50)).toBeLessThanOrEqual(25);
    expect(seen).toBeGreaterThanOrEqual(requests.total + requests.warmUp);
  });

  test('says what it could not send', async () => {
    const url = await serve(() => {});
    const result = await run(url, { rate: 100, duration: 1, connections: 2, timeout: 0.3 });
    const kinds = Object.fromEntries(result.faults.map(({ kind, count }) => [kind, count]));
    expect(kinds['first-byte-timeout']).toBeGreaterThan(1);
    expect(kinds['not-sent']).toBeGreaterThan(10);
    const { total, cutOff, unsent } = result.requests;
    expect(total + cutOff + unsent).toBe(100);
    expect(result.recommendations.map(({ message }) => message).join()).toContain('The rate was not kept');
  });
});

describe('the closed model', () => {
  test('reports a fixed latency as it is', async () => {
    const url = await serve((_request, response) => void setTimeout(() => response.end('ok'), 50));
    const { latency, requests } = await run(url, { connections: 20, duration: 1 });
    // A timer of Node's is late by up to a few milliseconds, never early by more than one.
    expect(latency?.min).toBeGreaterThan(48);
    expect(latency?.p50).toBeLessThan(65);
    expect(requests.total).toBeGreaterThan(200);
    expect(requests.total).toBeLessThanOrEqual(20 * 20);
  });

  test('shows and says that a stall kept requests from being sent', async () => {
    const url = await stalling(400, 1000);
    const { latency, corrected, recommendations } = await run(url, { connections: 2, duration: 3 });
    expect(latency?.p99).toBeLessThan(100);
    expect(corrected?.p99).toBeGreaterThan(300);
    expect(recommendations.map(({ message }) => message).join()).toContain('use --rate');
  });

  test('lets its connections grow over the ramp', async () => {
    const openedAt: number[] = [];
    const url = await serve((_request, response) => void setTimeout(() => response.end('ok'), 5));
    servers[0]?.on('connection', () => {
      openedAt.push(performance.now());
    });
    await run(url, { connections: 20, duration: 1, ramp: 1 });
    expect(openedAt.length).toBeGreaterThan(15);
    expect((openedAt.at(-1) ?? 0) - (openedAt[1] ?? 0)).toBeGreaterThan(500);
  });

  test('does not count the warm-up', async () => {
    let status = 202;
    setTimeout(() => {
      status = 200;
    }, 300);
    const url = await serve((_request, response) => {
      response.statusCode = status;
      response.end('ok');
    });
    const { statuses, requests } = await run(url, { connections: 5, duration: 0.5, warmup: 1.5 });
    expect(requests.warmUp).toBeGreaterThan(20);
    // What was answered in the first part of the warm-up would stand here as 202.
    expect(statuses.map((entry) => entry.status)).toEqual([200]);
  });
});

describe('expectations', () => {
  test('a rate limit is watched over real sockets', async () => {
    const start = performance.now();
    let [window, count] = [0, 0];
    const url = await serve((_request, response) => {
      const now = Math.floor((performance.now() - start) / 500);
      if (now > window) [window, count] = [now, 0];
      count += 1;
      if (count > 30) response.writeHead(429, { 'Retry-After': '1', 'RateLimit-Limit': '30' });
      response.end('ok');
    });
    const { rateLimit, checks } = await run(url, { connections: 2, duration: 2.7, expectRateLimit: true });
    expect(rateLimit).toMatchObject({
      seen: true,
      announced: { limit: 30, retryAfterSeconds: 1 },
      allowedPerPeriod: 30,
    });
    expect(rateLimit?.periodSeconds).toBeGreaterThan(0.35);
    expect(rateLimit?.periodSeconds).toBeLessThan(0.75);
    expect(checks).toEqual([expect.objectContaining({ met: true })]);
  });

  test('an expected status is a success, and every other is not', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 400;
      response.end('no');
    });
    const good = await run(url, { requests: 20, expectStatus: [400] });
    expect(good.requests).toMatchObject({ successful: 20, failed: 0 });
    expect(good.checks).toEqual([{ text: 'every status is 400', met: true, actual: '400 (20)' }]);
    const bad = await run(url, { requests: 20, expectStatus: [422] });
    expect(bad.requests).toMatchObject({ successful: 0, failed: 20 });
    expect(bad.checks).toMatchObject([{ met: false }]);
  });
});

test.each([
  { rate: 10, stages: [{ duration: 1, rate: 1 }] },
  { duration: 1, stages: [{ duration: 1, rate: 1 }] },
  { stages: [{ duration: 1, rate: 0 }] },
  { requests: 5, warmup: 1 },
  { rate: -1 },
  { warmup: -1 },
  { ramp: 60, duration: 1 },
  { thresholds: ['nonsense'] },
])('%j is refused', async (options) => {
  await expect(run('http://localhost/', options)).rejects.toMatchObject({ code: 'LOAD005', kind: 'usage' });
});
