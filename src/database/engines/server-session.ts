import { Client, type Connection, Query } from 'pg';
import { SqlFailure } from './engine.ts';
import { connect, failureOf, unreachable } from './postgres.ts';
import { ConnectionLost, type Session } from './session.ts';

/** Long enough to be seen in pg_stat_activity; scratch databases are told apart by the shorter name. */
const APPLICATION = 'senior-backend migrate';

/** Notices a client that is gone in the middle of a statement: PostgreSQL 14, where the system can tell. */
const NOTICE_GONE_CLIENT = `SET client_connection_check_interval = '2s'`;

/** Opens the connection of a migration to a server. Errors: DB001. */
export async function openServerSession(url: string): Promise<Session> {
  const client = new Client({
    connectionString: url,
    application_name: APPLICATION,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  });
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(url, error);
  }
  client.on('error', () => undefined);
  const query = async <Row>(sql: string): Promise<Row[]> => {
    try {
      return (await client.query(sql)).rows as Row[];
    } catch (error) {
      throw asLost(failureOf(error));
    }
  };
  const [row] = await query<{ version: string; pid: number }>(
    `SELECT current_setting('server_version_num') AS version, pg_backend_pid() AS pid`,
  );
  const settings = await query(NOTICE_GONE_CLIENT).then(
    () => NOTICE_GONE_CLIENT,
    () => '',
  );
  // What a pooler calls our backend is its own invention.
  const announced = (client as { processID?: number | null }).processID;
  return {
    version: Number(row?.version),
    pid: row?.pid,
    pooled: announced !== row?.pid,
    settings,
    rows: query,
    run: async (sql) => {
      await query(sql);
    },
    runAll: (statements, reached) => runAll(client, statements, reached),
    copyIn: (sql, rows) => copyIn(client, sql, rows),
    beside: () => connect({ url, budgetMs: 10_000 }),
    close: () => client.end(),
  };
}

/** Classes of SQLSTATE after which there is no connection: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOST = /^(?:08|57P0[1-4])/;

function asLost(error: unknown): unknown {
  if (error instanceof SqlFailure) return LOST.test(error.state) ? lost(error) : error;
  return error instanceof Error ? lost(error) : error;
}

const lost = (cause: Error): ConnectionLost => new ConnectionLost(cause.message, { cause });

/** A query that answers the server's call for rows. */
class CopyIn extends Query {
  readonly #rows: string;

  constructor(sql: string, rows: string, done: (error: Error | null) => void) {
    // The driver's types know no callback; its constructor does.
    super(...([sql, undefined, done] as unknown as ConstructorParameters<typeof Query>));
    this.#rows = rows;
  }

  handleCopyInResponse(connection: Connection): void {
    const wire = connection as unknown as { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };
    const bytes = Buffer.from(this.#rows);
    for (let at = 0; at < bytes.length; at += CHUNK) wire.sendCopyFromChunk(bytes.subarray(at, at + CHUNK));
    wire.endCopyFrom();
  }
}

const CHUNK = 1 << 16;

function copyIn(client: Client, sql: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyIn(sql, rows, (error) => (error === null ? resolve() : reject(asLost(failureOf(error))))),
    );
  });
}

/** A query of several statements that tells how many are done; rows that they return are for nobody. */
class Batch extends Query {
  readonly #reached: (done: number) => void;
  #done = 0;

  constructor(sql: string, reached: (done: number) => void, done: (error: Error | null) => void) {
    super(...([sql, undefined, done] as unknown as ConstructorParameters<typeof Query>));
    this.#reached = reached;
  }

  handleDataRow(): void {}

  handleCommandComplete(): void {
    this.#done += 1;
    this.#reached(this.#done);
  }
}

function runAll(
  client: Client,
  statements: readonly string[],
  reached: (done: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null): void =>
      error === null ? resolve() : reject(asLost(failureOf(error)));
    // A statement may end in a comment.
    client.query(new Batch(statements.join('\n;\n'), reached, end));
  });
}
