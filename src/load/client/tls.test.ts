import { mkdtempSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import { connect, createServer as createNetServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../../test/support/faulty-server.ts';
import { makeCertificate } from '../../../test/support/own-certificate.ts';
import { runLoad } from '../run.ts';
import type { LoadOptions } from '../settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));

const own = makeCertificate('server');
const client = makeCertificate('client');

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as HttpServer).closeAllConnections();
    server.close();
  }
});

const load = (url: string, options: Partial<LoadOptions> = {}) =>
  runLoad(
    { url, connections: 5, requests: 100, duration: 20, timeout: 2, ...options },
    new AbortController().signal,
  );

async function serveTls(options: object = {}, seen?: (socket: TLSSocket) => void): Promise<number> {
  const server = createServer({ key: own.key, cert: own.certificate, ...options }, (request, response) => {
    seen?.(request.socket as TLSSocket);
    response.end('ok');
  });
  servers.push(server);
  return listen(server);
}

describe('TLS', () => {
  test('a certificate that nobody vouches for ends the run before it starts', async () => {
    const port = await serveTls();
    await expect(load(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'LOAD004',
      kind: 'failed',
    });
  });

  test('it is accepted when asked, or when its authority is given', async () => {
    const names = new Set<unknown>();
    const port = await serveTls({}, ({ servername }) => names.add(servername));
    for (const options of [{ verifyTls: false }, { ca: own.certificate }]) {
      const { requests } = await load(`https://localhost:${port}/`, options);
      expect(requests).toMatchObject({ total: 100, successful: 100 });
    }
    expect([...names]).toEqual(['localhost']);
  });

  test('an address has no server name, and its certificate is checked all the same', async () => {
    const names = new Set<unknown>();
    const port = await serveTls({}, ({ servername }) => names.add(servername));
    const { requests } = await load(`https://127.0.0.1:${port}/`, { ca: own.certificate });
    expect(requests.successful).toBe(100);
    expect([...names]).toEqual([false]);
    await expect(load(`https://127.0.0.1:${port}/`, { ca: client.certificate })).rejects.toMatchObject({
      code: 'LOAD004',
    });
  });

  test('the client shows its own certificate', async () => {
    const subjects = new Set<unknown>();
    const demand = { requestCert: true, rejectUnauthorized: true, ca: client.certificate };
    const port = await serveTls(demand, (socket) => subjects.add(socket.getPeerCertificate().subject?.CN));
    const { requests } = await load(`https://localhost:${port}/`, { ...client, ca: own.certificate });
    expect(requests.successful).toBe(100);
    expect([...subjects]).toEqual(['client']);
    await expect(load(`https://localhost:${port}/`, { key: client.key })).rejects.toMatchObject({
      code: 'LOAD005',
    });
  });

  test('HTTP/2 is negotiated, and a server that does not speak it is refused', async () => {
    const versions = new Set<string>();
    const server = createSecureServer({ key: own.key, cert: own.certificate }, (request, response) => {
      versions.add(request.httpVersion);
      response.end('ok');
    });
    servers.push(server);
    const options = { ca: own.certificate, http2: true, streams: 4 };
    const { requests } = await load(`https://localhost:${await listen(server)}/`, options);
    expect(requests.successful).toBe(100);
    expect([...versions]).toEqual(['2.0']);
    await expect(load(`https://localhost:${await serveTls()}/`, options)).rejects.toMatchObject({
      code: 'LOAD004',
    });
  });

  test('handshakes that fail during the run are counted as such', async () => {
    const port = await serveTls();
    let connections = 0;
    // Lets the first two connections through to the real server and hangs up on the rest.
    const door = createNetServer((socket) => {
      connections += 1;
      socket.on('error', () => {});
      if (connections > 2) {
        socket.once('data', () => socket.end('no TLS here'));
        return;
      }
      const inner = connect(port, '127.0.0.1');
      inner.on('error', () => {});
      socket.pipe(inner).pipe(socket);
    });
    servers.push(door);
    const doorPort = await listen(door);
    const { faults, requests } = await load(`https://localhost:${doorPort}/`, {
      ca: own.certificate,
      connections: 3,
      requests: 60,
    });
    expect(requests.successful).toBeGreaterThan(0);
    expect(faults.map(({ kind }) => kind)).toEqual(['tls']);
  });
});

test('a socket file is used in place of host and port', async () => {
  const hosts = new Set<string | undefined>();
  const server = createHttpServer((request, response) => {
    hosts.add(request.headers.host);
    response.end('ok');
  });
  servers.push(server);
  const socketPath = join(folder, 'service.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const { requests } = await load('http://service.example/', { socketPath });
  expect(requests.successful).toBe(100);
  expect([...hosts]).toEqual(['service.example']);
  await expect(load('http://x/', { socketPath: join(folder, 'missing.sock') })).rejects.toMatchObject({
    code: 'LOAD003',
  });
});

test('IPv6', async () => {
  const server = createHttpServer((_request, response) => response.end('ok'));
  servers.push(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '::1', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
  expect((await load(`http://[::1]:${port}/`)).requests.successful).toBe(100);
});
