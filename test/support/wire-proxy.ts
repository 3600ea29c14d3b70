import { connect, createServer, type Socket } from 'node:net';

/** What happens to a chosen message of a client. */
export interface Cut {
  /** Which of the client's queries, counted from 0 over all its connections. */
  readonly at: number;
  /** Before the server gets it, or once the server has it. */
  readonly when: 'before' | 'after';
  /** Called at that moment; the connection ends with it. */
  readonly strike: () => void;
}

/** A stretch of wire between a client and a server that can be cut between any two messages. */
export interface WireProxy {
  readonly port: number;
  /** How many queries went through. */
  readonly queries: () => number;
  /** The beginning of each of them, in their order. */
  readonly asked: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** The first byte of a simple query: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const QUERY = 0x51;

/** How many bytes of a query are kept. */
const SHOWN = 400;

/** Listens on a port of its own and passes on to `serverPort`; `rewrite` may change what a query says. */
export async function openProxy(
  serverPort: number,
  cut?: Cut,
  rewrite: (sql: string) => string = (sql) => sql,
): Promise<WireProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    const end = (): void => {
      client.destroy();
      upstream.end();
    };
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (bytes) => client.write(bytes));
    forward(client, (message) => {
      const isCut = message[0] === QUERY && cut !== undefined && asked.length === cut.at;
      if (message[0] === QUERY) asked.push(message.subarray(5, 5 + SHOWN).toString());
      if (!isCut || cut.when === 'after') upstream.write(rewritten(message, rewrite));
      if (!isCut) return true;
      cut.strike();
      end();
      return false;
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    queries: () => asked.length,
    asked: () => asked,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

function rewritten(message: Buffer, rewrite: (sql: string) => string): Buffer {
  if (message[0] !== QUERY) return message;
  const sql = message.subarray(5, -1).toString();
  const changed = rewrite(sql);
  if (changed === sql) return message;
  const body = Buffer.from(`${changed}\0`);
  const head = Buffer.from([QUERY, 0, 0, 0, 0]);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** Cuts what a client sends into messages; the first one of a connection has no type. */
function forward(client: Socket, pass: (message: Buffer) => boolean): void {
  let rest = Buffer.alloc(0);
  let isOpen = true;
  let isStarted = false;
  client.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (isOpen) {
      const head = isStarted ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      isStarted = true;
      isOpen = pass(message);
    }
  });
}
