// Who may command a worker, what it may be told to load, and who can read what is said.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lead, startCountingServer, startWorker, until } from '../../../test/support/cluster-lab.ts';
import { makeOperator } from '../../../test/support/nats-operator.ts';
import { HAS_NATS, type NatsServer, startNats } from '../../../test/support/nats-server.ts';
import type { LinkOptions } from './link.ts';

let server: Awaited<ReturnType<typeof startCountingServer>>;
const folder = mkdtempSync(join(tmpdir(), 'cluster-tls-'));
const closers: (() => Promise<unknown>)[] = [];

const nats = async (settings?: string): Promise<NatsServer> => {
  const started = await startNats(settings);
  closers.push(() => started.close());
  return started;
};
const worker = (...given: Parameters<typeof startWorker>) => {
  const started = startWorker(...given);
  closers.push(() => started.stop());
  return started;
};

beforeAll(async () => {
  server = await startCountingServer();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One run over a server with `settings`; who leads and who works say the same of themselves. */
async function runOver(settings: string, link: (server: NatsServer) => LinkOptions): Promise<number> {
  const own = await nats(settings);
  worker(own.url, 'one', { link: link(own) });
  const options = { url: server.url, requests: 10, connections: 2 };
  const { requests } = await lead(own.url, options, { workers: 1, link: link(own) }).result;
  return requests.successful;
}

const user = createUser();
const operator = makeOperator();

describe.skipIf(!HAS_NATS)('a NATS server that asks who we are', () => {
  test.each<[string, string, (server: NatsServer) => LinkOptions]>([
    [
      'user and password in the URL',
      'authorization { user: "a b", password: "p@ss/:" }',
      ({ port }) => ({ url: `nats://a%20b:p%40ss%2F%3A@127.0.0.1:${port}` }),
    ],
    [
      'user and password apart',
      'authorization { user: "a b", password: "p@ss/:" }',
      ({ url }) => ({ url, user: 'a b', password: 'p@ss/:' }),
    ],
    [
      'a token in the URL',
      'authorization { token: "t/k" }',
      ({ port }) => ({ url: `nats://t%2Fk@127.0.0.1:${port}` }),
    ],
    ['a token apart', 'authorization { token: "t/k" }', ({ url }) => ({ url, token: 't/k' })],
    [
      'an NKey',
      `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`,
      ({ url }) => ({ url, nkey: `${Buffer.from(user.getSeed()).toString()}\n` }),
    ],
    ['a .creds file', operator.settings, ({ url }) => ({ url, creds: operator.creds })],
  ])('%s', async (_, settings, link) => {
    expect(await runOver(settings, link)).toBe(10);
  });

  test.each<[string, Partial<LinkOptions>]>([
    ['nobody', {}],
    ['a wrong password', { user: 'a', password: 'secret-1' }],
    ['a file that is none', { creds: 'secret-1' }],
    ['a seed that is none', { nkey: 'secret-1' }],
  ])('%s is not let in, and the error repeats no secret', async (_, link) => {
    const { url } = await nats('authorization { user: "a", password: "secret-2" }');
    const { done } = worker(url, 'one', { link: { url, ...link } });
    const error = await done.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'LOAD030', message: expect.stringContaining('cannot be used') });
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-1');
  });

  test('what the server refuses is said', async () => {
    const { url } = await nats(
      'authorization { users: [ { user: u, password: p, permissions: { publish: a, subscribe: b } } ] }',
    );
    const one = worker(url, 'one', { link: { url, user: 'u', password: 'p' } });
    await until(() => one.said.some((line) => line.includes('refuses: Permissions Violation')));
  });

  test('only the subjects of load tests need to be open', async () => {
    const own = '"senior-backend.load.>"';
    const settings = `authorization { users: [ { user: u, password: p, permissions: { publish: ${own}, subscribe: ${own} } } ] }`;
    expect(await runOver(settings, ({ url }) => ({ url, user: 'u', password: 'p' }))).toBe(10);
  });
});

describe.skipIf(!HAS_NATS)('TLS', () => {
  const file = (name: string): string => join(folder, name);
  const openssl = (...line: readonly string[]) =>
    execFileSync('openssl', line, { cwd: folder, stdio: 'ignore' });
  let settings = '';

  beforeAll(() => {
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    for (const of of ['server', 'other'])
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        ...name,
        '-keyout',
        `${of}.key`,
        '-out',
        `${of}.pem`,
      );
    settings = `tls { cert_file: "${file('server.pem')}", key_file: "${file('server.key')}" }`;
  });

  test('with an authority that is trusted', async () => {
    const ca = readFileSync(file('server.pem'), 'utf8');
    expect(await runOver(settings, ({ port }) => ({ url: `tls://127.0.0.1:${port}`, ca }))).toBe(10);
  });

  test('with a certificate of our own', async () => {
    const pem = (name: string): string => readFileSync(file(name), 'utf8');
    const mutual = settings.replace('}', `, ca_file: "${file('other.pem')}", verify: true }`);
    const link = { ca: pem('server.pem'), certificate: pem('other.pem'), key: pem('other.key') };
    expect(await runOver(mutual, ({ url }) => ({ url, ...link }))).toBe(10);
  });

  test.each<[string, () => string, (port: number) => LinkOptions]>([
    ['an authority that is not trusted', () => settings, (port) => ({ url: `nats://127.0.0.1:${port}` })],
    ['a server that does not speak it', () => '', (port) => ({ url: `tls://127.0.0.1:${port}` })],
  ])('%s: no connection', async (_, config, link) => {
    const { port, url } = await nats(config());
    await expect(worker(url, 'one', { link: link(port) }).done).rejects.toMatchObject({ code: 'LOAD030' });
  });
});

describe.skipIf(!HAS_NATS)('the cluster key', () => {
  const options = {
    get url() {
      return server.url;
    },
    requests: 6,
    connections: 2,
    headers: [['Authorization', 'Bearer very-secret']] as const,
  };

  test.each([
    ['hides what is said', 'one key', false],
    ['is not there: whoever listens can read it', undefined, true],
  ])('%s', async (_, clusterKey, readable) => {
    const { url } = await nats();
    const listener = await connect({ servers: url });
    closers.push(() => listener.close());
    let heard = '';
    listener.subscribe('>', {
      callback: (__, { data }) => {
        heard += Buffer.from(data).toString('latin1');
        for (const [, part] of heard.matchAll(/"data":"([^"]+)"/g)) heard += atob(part ?? '');
      },
    });
    await listener.flush();
    worker(url, 'one', { clusterKey });
    const { requests, cluster } = await lead(url, options, { workers: 1, clusterKey }).result;
    expect([requests.successful, cluster?.encrypted]).toEqual([6, !readable]);
    expect(heard.length).toBeGreaterThan(1000);
    expect(heard.includes('very-secret')).toBe(readable);
  });

  test.each([
    ['another', 'key 1', 'key 2'],
    ['none at the worker', 'key 1', undefined],
    ['none at the coordinator', undefined, 'key 2'],
  ])('%s: nothing is obeyed, and the coordinator is told why', async (_, clusterKey, own) => {
    const { url } = await nats();
    const one = worker(url, 'one', { clusterKey: own });
    await until(() => one.said.length > 0);
    const { result } = lead(url, options, { joinWithin: 1.2, clusterKey });
    await expect(result).rejects.toMatchObject({
      code: 'LOAD031',
      message: expect.stringMatching(
        /no worker joined.*messages were heard that are not of this cluster key/,
      ),
    });
    expect(one.said[1]).toBe('A coordinator called that has another cluster key, or none');
  });
});

describe.skipIf(!HAS_NATS)('what a worker may load', () => {
  test('is this machine, when nobody says otherwise; nothing else is so much as connected to', async () => {
    const { url, port } = await nats();
    const before = server.requests();
    worker(url, 'one');
    for (const target of [`http://0.0.0.0:${server.port}/`, 'http://192.0.2.1/', 'http://[::ffff:7f00:1]/']) {
      const { result } = lead(url, { url: target, requests: 2, connections: 1 }, { workers: 1 });
      await expect(result).rejects.toMatchObject({
        code: 'LOAD032',
        kind: 'refused',
        message: expect.stringContaining('this worker may not load'),
      });
    }
    // A row of data, and the server that grants tokens, are targets like any other.
    const rows = { url: 'http://{{host}}/', data: [{ host: '192.0.2.1' }], requests: 2, connections: 1 };
    await expect(lead(url, rows, { workers: 1 }).result).rejects.toMatchObject({ code: 'LOAD032' });
    const oauth = { tokenUrl: `http://192.0.2.1:${port}/token`, clientId: 'a', clientSecret: 'b' };
    const granted = lead(url, { url: server.url, oauth, requests: 2, connections: 1 }, { workers: 1 });
    await expect(granted.result).rejects.toMatchObject({ code: 'LOAD032' });
    expect(server.requests()).toBe(before);
  });

  test('is what its operator names, who then has to say who commands it', async () => {
    const { url } = await nats();
    const allow = [`0.0.0.0:${server.port}`];
    await expect(worker(url, 'open', { allow }).done).rejects.toMatchObject({
      code: 'LOAD005',
      message: expect.stringContaining('needs to know who commands it'),
    });
    // At a server of another machine, orders to load this one are orders all the same.
    await expect(worker('nats://192.0.2.1', 'far').done).rejects.toMatchObject({ code: 'LOAD005' });
    const one = worker(url, 'one', { allow, clusterKey: 'k' });
    await until(() => one.said.length > 0);
    const run = { requests: 2, connections: 1 };
    const more = { workers: 1, clusterKey: 'k' };
    const allowed = await lead(url, { ...run, url: `http://0.0.0.0:${server.port}/` }, more).result;
    expect(allowed.requests.successful).toBe(2);
    await expect(lead(url, { ...run, url: server.url }, more).result).rejects.toMatchObject({
      code: 'LOAD032',
    });
  });
});
