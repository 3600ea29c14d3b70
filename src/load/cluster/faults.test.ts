// Machines and servers that go away, and messages that come twice, late or from others.
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  lead,
  startCountingServer,
  startWorker,
  unaccounted,
  until,
} from '../../../test/support/cluster-lab.ts';
import { HAS_NATS, type NatsServer, startNats } from '../../../test/support/nats-server.ts';

let nats: NatsServer;
let server: Awaited<ReturnType<typeof startCountingServer>>;
let others: NatsConnection | undefined;
const workers: ReturnType<typeof startWorker>[] = [];
const worker = (name: string, more?: Parameters<typeof startWorker>[2]) => {
  const started = startWorker(nats.url, name, more);
  workers.push(started);
  return started;
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

beforeEach(async () => {
  if (!HAS_NATS) return;
  server = await startCountingServer();
  nats = await startNats();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((one) => one.stop()));
  await others?.close();
  others = undefined;
  await server?.close();
  await nats?.close();
});

describe.skipIf(!HAS_NATS)('the NATS server goes away', () => {
  test.each([
    ['is stopped where it is', () => nats.freeze(), async () => nats.thaw()],
    ['is killed, and started again', () => void nats.kill(), () => nats.start()],
  ])(
    'and %s for 3 s: the run goes on, and nothing is counted twice',
    async (_, away, back) => {
      for (const name of ['one', 'two']) worker(name);
      const { result, said } = lead(nats.url, { url: server.url, rate: 100, duration: 5 }, { workers: 2 });
      await until(() => server.requests() > 50);
      away();
      await pause(3000);
      await back();
      const { requests, cluster, checks } = await result;
      expect(requests.total + requests.cutOff + requests.unsent).toBe(500);
      expect(unaccounted(requests, server.requests())).toBe(0);
      expect([cluster?.lost, checks]).toEqual([0, []]);
      expect(said.join('\n')).toMatch(/does not pass messages on[\s\S]*is back/);
    },
    30_000,
  );

  test('and is away when the run ends: results are handed over when it is back', async () => {
    for (const name of ['one', 'two']) worker(name);
    const { result } = lead(nats.url, { url: server.url, rate: 100, duration: 2 }, { workers: 2 });
    await until(() => server.requests() > 150);
    await nats.kill();
    await pause(3000);
    await nats.start();
    const { requests, cluster } = await result;
    expect(unaccounted(requests, server.requests())).toBe(0);
    expect(cluster?.lost).toBe(0);
  }, 30_000);

  test('for good: the run ends with an error, and the workers stop their load', async () => {
    const one = worker('one');
    const { result } = lead(nats.url, { url: server.url, rate: 50, duration: 100 }, { workers: 1 });
    await until(() => server.requests() > 20);
    await nats.kill();
    await expect(result).rejects.toMatchObject({
      code: 'LOAD034',
      message: expect.stringContaining('was silent for 10 s'),
    });
    let last = -1;
    while (last !== server.requests()) {
      last = server.requests();
      await pause(1000);
    }
    expect(last).toBeLessThan(50 * 20);
    await one.stop();
  }, 60_000);
});

describe.skipIf(!HAS_NATS)('messages', () => {
  test('that come twice, and late, change nothing', async () => {
    others = await connect({ servers: nats.url });
    const mirrored = new Set<string>();
    let copies = 0;
    others.subscribe('senior-backend.load.>', {
      callback: (_, { subject, data }) => {
        const text = `${subject} ${Buffer.from(data).toString('latin1')}`;
        if (mirrored.delete(text)) return;
        mirrored.add(text);
        copies += 1;
        setTimeout(() => others?.publish(subject, data), copies % 2 === 0 ? 0 : 400);
      },
    });
    for (const name of ['one', 'two']) worker(name);
    const { result } = lead(nats.url, { url: server.url, requests: 300, connections: 2 }, { workers: 2 });
    const { requests, cluster } = await result;
    expect([requests.total, server.requests()]).toEqual([300, 300]);
    expect(cluster).toMatchObject({ lost: 0, workers: { length: 2 } });
    expect(cluster?.ignoredMessages).toBeGreaterThan(5);
    expect(copies).toBeGreaterThan(30);
  });

  test('of an earlier run make no worker send again', async () => {
    others = await connect({ servers: nats.url });
    const recorded: [string, Uint8Array][] = [];
    const tape = others.subscribe('senior-backend.load.>', {
      callback: (_, { subject, data }) => {
        recorded.push([subject, Uint8Array.from(data)]);
      },
    });
    const one = worker('one', { clusterKey: 'a key' });
    const options = { url: server.url, requests: 20, connections: 2 };
    await lead(nats.url, options, { workers: 1, clusterKey: 'a key' }).result;
    await until(() => one.said.some((line) => line.includes('A run is over')));
    tape.unsubscribe();
    for (const [subject, data] of recorded) others.publish(subject, data);
    await others.flush();
    await pause(2500);
    expect(server.requests()).toBe(20);
    await lead(nats.url, options, { workers: 1, clusterKey: 'a key' }).result;
    expect(server.requests()).toBe(40);
  });

  test('of any content harm neither end', async () => {
    others = await connect({ servers: nats.url });
    const junk = [
      '',
      'x',
      '{}\n',
      '{"protocol":1,"version":"1","name":"n","sealed":false}\n',
      '\u0000'.repeat(9000),
    ];
    const head = '{"protocol":1,"version":"1","name":"n","sealed":false}\n';
    const bodies = [
      'null',
      '{"kind":"__proto__","seq":1e9}',
      '{"kind":"beat","seq":9007199254740991,"phase":"over"}',
      '{"kind":"result","seq":3,"index":0,"of":1,"data":"e30="}',
      '{"kind":"job","seq":3,"index":99999,"of":2,"data":"!!"}',
      `{"kind":"start","seq":4,"at":${'9'.repeat(400)}}`,
      `${'['.repeat(10_000)}`,
      '{"run":"../../x","seq":1}',
    ];
    others.subscribe('senior-backend.load.>', {
      callback: (_, { subject, data }) => {
        if (Buffer.from(data).toString('latin1').includes('"name":"n"') || data.length < 60) return;
        const [ticket] = subject.split('.').slice(-1);
        // On subjects like those in use, but not theirs: without a key, whoever knows a ticket is believed.
        const beside = subject.replace(ticket ?? '', 'f'.repeat(32));
        for (const text of [...junk, ...bodies.map((body) => head + body)])
          others?.publish(beside, Buffer.from(text));
      },
    });
    worker('one');
    const options = { url: server.url, requests: 100, connections: 2 };
    const { requests, cluster } = await lead(nats.url, options, { workers: 1 }).result;
    expect([requests.total, server.requests(), cluster?.lost]).toEqual([100, 100, 0]);
    expect(cluster?.ignoredMessages).toBeGreaterThan(10);
  });

  test('of other protocols are named at both ends', async () => {
    others = await connect({ servers: nats.url });
    const foreign = (name: string) =>
      Buffer.from(`{"protocol":2,"version":"9.0.0","name":"${name}","sealed":false}\n{"run":1}`);
    const newer = 'speaks protocol 2 (senior-backend 9.0.0), this one 1: install the same version';
    const one = worker('one');
    await until(() => one.said.length > 0);
    others.publish('senior-backend.load.call', foreign('coordinator'));
    await until(() => one.said.some((line) => line.includes(`A coordinator "coordinator" ${newer}`)));
    await one.stop();
    others.subscribe('senior-backend.load.call', {
      callback: () => others?.publish('senior-backend.load.strangers', foreign('newer')),
    });
    const { result, said } = lead(
      nats.url,
      { url: server.url, requests: 1, connections: 1 },
      { joinWithin: 1.2 },
    );
    await expect(result).rejects.toMatchObject({
      code: 'LOAD031',
      message: expect.stringContaining(`A worker "newer" ${newer}`),
    });
    expect(said).toEqual([expect.stringContaining(newer)]);
  });
});
