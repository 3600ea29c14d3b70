// Counts what a service asks of its own PGlite, and tells `senior-backend load --db watch:SOCKET`. It is loaded into
// the service, and so depends on nothing.
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { rowsOfAnswer, rowsOfTag } from './frontend-messages.ts';
import { StatementCounter } from './statement-counter.ts';

/** What of PGlite is needed; every way to ask it something comes through these. */
export interface WatchablePGlite {
  readonly dataDir?: string | undefined;
  execProtocolRawSync(message: Uint8Array): Uint8Array;
  execProtocolStream?(message: Uint8Array, options?: never): Promise<readonly object[]>;
  isInTransaction(): boolean;
  dumpDataDir(compression: 'none'): Promise<Blob>;
}

/** Ends the telling; what was counted is forgotten. */
export interface EmbeddedWatch {
  close(): Promise<void>;
}

/** What is asked for in one line each. */
type Answers = Readonly<Record<string, () => Promise<Uint8Array>>>;

/**
 * Counts the statements of a PGlite, and answers at a socket file that only this user may use (on Windows a
 * pipe, as in \\.\pipe\shop). It tells statements, their counts and, when asked to, hands over a copy of the data
 * for indexes to be looked for; nothing can be run through it. Call it before the first request. Errors: EADDRINUSE
 * when something answers at the socket already.
 *
 * @example
 * const pglite = new PGlite('./data');
 * if (process.env.WATCH) await watchEmbedded(pglite, process.env.WATCH);
 */
export async function watchEmbedded(pglite: WatchablePGlite, socket: string): Promise<EmbeddedWatch> {
  const counter = new StatementCounter();
  const startedAt = performance.now();
  count(pglite, counter);
  const answers: Answers = {
    counts: () => json(counter.counts),
    texts: () => json(counter.texts),
    session: () =>
      json({
        inTransaction: pglite.isInTransaction(),
        age: performance.now() - startedAt,
        folder: pglite.dataDir ?? '',
      }),
    copy: async () => new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer()),
  };
  await removeStale(socket);
  const server = createServer((client) => serve(client, answers));
  await listening(server, socket);
  // A service that has nothing else to do is to end.
  server.unref();
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const json = async (value: unknown): Promise<Uint8Array> => Buffer.from(JSON.stringify(value));

/** Puts the counter between PGlite and its database. What is running runs in this thread: its time is exact. */
function count(pglite: WatchablePGlite, counter: StatementCounter): void {
  const run = pglite.execProtocolRawSync.bind(pglite);
  pglite.execProtocolRawSync = (message) => {
    counter.hears(message);
    const before = performance.now();
    try {
      const answer = run(message);
      counter.returned(rowsOfAnswer(answer));
      return answer;
    } finally {
      counter.took(performance.now() - before);
    }
  };
  // Where answers are streamed, only who reads the stream sees them.
  const stream = pglite.execProtocolStream?.bind(pglite);
  if (stream === undefined) return;
  pglite.execProtocolStream = async (message, options) => {
    const answers = await stream(message, options);
    for (const one of answers) if ('text' in one) counter.returned(rowsOfTag(String(one.text)));
    return answers;
  };
}

/** Each line asks for one thing; the answer is its length in a line, and then the bytes. */
function serve(client: Socket, answers: Answers): void {
  client.on('error', () => client.destroy());
  const lines = createInterface({ input: client });
  let last: Promise<void> = Promise.resolve();
  lines.on('line', (line) => {
    const answer = Object.hasOwn(answers, line) ? answers[line] : undefined;
    if (answer === undefined) return void client.destroy();
    last = last
      .then(async () => {
        const bytes = await answer();
        client.write(`${bytes.length}\n`);
        client.write(bytes);
      })
      .catch(() => void client.destroy());
  });
}

/** A socket file that nobody answers at was left by a service that was killed. */
async function removeStale(socket: string): Promise<void> {
  const reason = await new Promise<string>((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve('');
    });
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  if (reason === 'ECONNREFUSED') await rm(socket, { force: true });
}

async function listening(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => resolve());
  });
  if (!socket.startsWith('\\\\')) await chmod(socket, 0o600);
}
