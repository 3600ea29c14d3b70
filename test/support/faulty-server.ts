import { createServer, type Server, type Socket } from 'node:net';

/** A server that answers in raw bytes, so that it can misbehave in ways a real one would not on purpose. */
export interface FaultyServer {
  readonly url: string;
  readonly port: number;
  /** Requests that arrived whole. */
  readonly requests: () => number;
  /** Requests that were answered with the fault. */
  readonly faults: () => number;
  readonly connections: () => number;
  close(): Promise<void>;
}

export const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What the server does with the requests that it answers badly. */
export type Misbehaviour = (socket: Socket) => void;

/**
 * Answers well, but each `every`th request with `misbehave`. Requests must not have a body. Where faults are counted
 * exactly, `every` is well above the number of connections: a connection that is told of a fault late is on its next
 * request by then, which must not be the next fault, nor be missing because the run is over.
 */
export async function startFaultyServer(misbehave: Misbehaviour, every = 25): Promise<FaultyServer> {
  let [requests, faults, connections] = [0, 0, 0];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      // What is behind a fault that ended the connection is not read.
      while (socket.writable && pending.includes('\r\n\r\n')) {
        pending = pending.slice(pending.indexOf('\r\n\r\n') + 4);
        requests += 1;
        if (requests % every === 0) {
          faults += 1;
          misbehave(socket);
        } else {
          socket.write(GOOD);
        }
      }
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    requests: () => requests,
    faults: () => faults,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Listens on a free port of the loopback address. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
      resolve(address.port);
    });
  });
}
