// Requests that are sent without waiting: what is counted has to be what the server did.
import { afterEach, describe, expect, test } from 'vitest';
import { FAULTS } from '../../test/support/faults.ts';
import { type FaultyServer, startFaultyServer } from '../../test/support/faulty-server.ts';
import { runLoad } from './run.ts';
import type { LoadOptions } from './settings.ts';

const servers: FaultyServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function run(
  misbehave: Parameters<typeof startFaultyServer>[0],
  every: number,
  options: Partial<LoadOptions>,
) {
  const server = await startFaultyServer(misbehave, every);
  servers.push(server);
  const asked = { url: server.url, connections: 5, pipeline: 8, duration: 20, timeout: 10, ...options };
  const result = await runLoad(asked, new AbortController().signal);
  const kinds = Object.fromEntries(result.faults.map(({ kind, count }) => [kind, count]));
  return { server, result, kinds };
}

describe('pipelining', () => {
  test('counts what the server counted, and keeps to its connections', async () => {
    const { server, result } = await run(() => {}, 1_000_000, { requests: 5000 });
    expect(result.requests).toMatchObject({ total: 5000, successful: 5000, cutOff: 0 });
    expect(server.requests()).toBe(5000);
    // The first connection is the one that is tried before the run.
    expect(server.connections()).toBe(6);
    expect(result.settings).toMatchObject({ pipeline: 8, engine: 'net' });
  });

  test('sends several requests before the first answer', async () => {
    const { server, result } = await run(() => {}, 1, { duration: 0.4, timeout: 5 });
    expect(server.requests()).toBe(40);
    expect(result.requests).toMatchObject({ total: 0, cutOff: 40 });
  });

  // A timeout of one request is that of all behind it, which the server has answered or will.
  const cases = FAULTS.filter(({ kind }) => !kind?.endsWith('timeout'));
  test.each(cases)('$name: $kind, and those behind it for what they are', async ({ misbehave, kind }) => {
    const { server, result, kinds } = await run(misbehave, 50, { requests: 2000 });
    const { 'behind-fault': behind = 0, 'closed-early': closed = 0, ...rest } = kinds;
    // Node says goodbye before it resets a connection that it still has something to write on.
    const closes = kind === 'closed-early' || kind === 'reset';
    const own = Object.values(rest).reduce((sum, count) => sum + count, closes ? closed : 0);
    expect(own).toBe(kind === undefined ? 0 : server.faults());
    // A surplus between two answers is the beginning of the second as much as the end of the first.
    const allowed = kind === 'wrong-length' ? ['wrong-length', 'malformed'] : [kind];
    expect(Object.keys(rest).filter((found) => !allowed.includes(found as never))).toEqual([]);
    const failed = own + behind + (closes ? 0 : closed);
    expect(result.requests).toMatchObject({ total: 2000, successful: 2000 - failed, failed });
  });
});
