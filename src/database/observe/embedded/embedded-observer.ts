// Looks at a PGlite that lives in a service, through the socket at which the service tells of it.
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { loadGrammar } from '../../advise/workload/parse-statement.ts';
import { unreachable } from '../../engines/postgres.ts';
import type { DataCopy, Observer, SessionSample, StatementCount } from '../observer.ts';
import { TextsById } from './texts-by-id.ts';
import { WatchClient } from './watch-client.ts';

const HELP =
  'The service has to call watchEmbedded(pglite, SOCKET) of senior-backend/watch; give the same SOCKET to --db watch:SOCKET.';

/** Connects to the socket of `watchEmbedded`. Errors: DB001. */
export async function openEmbeddedObserver(socket: string, budgetMs: number): Promise<Observer> {
  const name = `watch:${socket}`;
  await loadGrammar();
  const client = new WatchClient(await opened(socket, name), name, budgetMs);
  const session = sessionOf(await client.json('session'));
  const texts = new TextsById(async () => recordOf(await client.json('texts')));
  return {
    name,
    obstacle: undefined,
    embedded: { folder: session.folder, copy: () => copied(client) },
    statements: async () => texts.merged(countsOf(await client.json('counts'))),
    texts: async () => texts.normal(),
    sent: () => texts.sent(),
    sessions: async () => [sampleOf(sessionOf(await client.json('session')))],
    ping: async () => void (await client.json('session')),
    close: async () => client.close(),
  };
}

function opened(socket: string, name: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const client = createConnection(socket, () => {
      client.removeAllListeners('error');
      resolve(client);
    });
    client.on('error', (error) => {
      const { message } = unreachable(name, error);
      reject(new UserError('DB001', message, { kind: 'usage', help: HELP, cause: error }));
    });
  });
}

/** A copy of the data folder as a file, and how to be rid of it. */
async function copied(client: WatchClient): Promise<DataCopy> {
  const file = join(tmpdir(), `senior-backend-copy-${randomUUID()}.tar`);
  await writeFile(file, await client.bytes('copy'), { mode: 0o600 });
  return { file, release: () => rm(file, { force: true }) };
}

interface SessionTold {
  readonly inTransaction: boolean;
  readonly age: number;
  readonly folder: string;
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function sessionOf(value: unknown): SessionTold {
  const { inTransaction, age, folder } = recordOf(value);
  return {
    inTransaction: inTransaction === true,
    age: numberOf(age),
    folder: typeof folder === 'string' ? folder : '',
  };
}

const numberOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);

const countsOf = (value: unknown): StatementCount[] =>
  (Array.isArray(value) ? value : []).map(recordOf).map(({ id, calls, ms, rows }) => ({
    id: String(id),
    calls: numberOf(calls),
    ms: numberOf(ms),
    rows: numberOf(rows),
  }));

/** The one connection, which can be looked at only between statements: what runs keeps the service from answering. */
const sampleOf = ({ inTransaction, age }: SessionTold): SessionSample => ({
  pid: 1,
  state: inTransaction ? 'idle in transaction' : 'idle',
  waitType: null,
  waitEvent: null,
  statement: null,
  sql: '',
  port: null,
  age,
  blockedBy: [],
});
