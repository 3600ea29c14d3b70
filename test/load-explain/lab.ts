// A database with rows and services with faults, each in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { readText } from '../support/repository.ts';

const SERVICE = fileURLToPath(new URL('./service.mjs', import.meta.url));
const SCHEMA = 'test/load-explain/schema.sql';

export interface Lab {
  readonly database: string;
  /** Starts a service with a fault; its URL. */
  start(fault: string, framework?: string): Promise<StartedService>;
  /** Starts another program that says where it listens. */
  run(file: string, words: readonly string[]): Promise<StartedService>;
  close(): Promise<void>;
}

interface LabOptions {
  /** Without it pg_stat_statements is left out. */
  readonly counting?: boolean;
  /** What the database is filled by. */
  readonly schema?: string;
  /** How long the slow upstream takes for each request, in milliseconds. */
  readonly upstreamMs?: () => number;
}

export interface StartedService {
  readonly url: string;
  stop(): Promise<void>;
}

export async function openLab({
  counting = true,
  schema = SCHEMA,
  upstreamMs = () => 40,
}: LabOptions = {}): Promise<Lab> {
  const postgres: PostgresServer = await startPostgres(
    counting ? ['shared_preload_libraries=pg_stat_statements'] : [],
  );
  await postgres.create('shop');
  const database = postgres.url('shop');
  await fill(database, schema);
  const upstream = createServer((_request, response) => {
    setTimeout(() => response.end('{"rate":1.1}'), upstreamMs());
  });
  const env = { DATABASE_URL: database, UPSTREAM_URL: await listening(upstream) };
  return {
    database,
    start: (fault, framework = 'express') => startService([SERVICE, fault, framework], env),
    run: (file, words) => startService([file, ...words], env),
    close: async () => {
      upstream.closeAllConnections();
      upstream.close();
      await postgres.stop();
    },
  };
}

async function fill(database: string, schema: string): Promise<void> {
  const client = new Client({ connectionString: database });
  await client.connect();
  await client.query(readText(schema));
  await client.end();
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
}

/** Starts a program that says where it listens, in a process of its own. */
export async function startService(
  line: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<StartedService> {
  const child: ChildProcess = spawn(process.execPath, line, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  if (child.stdout === null) throw new Error('the service has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, stop };
  }
  await stop();
  throw new Error(`${line.join(' ')} did not start`);
}
