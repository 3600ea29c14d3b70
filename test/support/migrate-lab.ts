import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from '../../src/database/engines/postgres.ts';
import { HAZARDS, migrationFiles } from '../../src/database/index.ts';
import { inspect } from '../../src/database/inspect/inspect.ts';
import { readMigrations } from '../../src/database/migrate/read-migrations.ts';
import { fingerprint } from '../../src/database/model/fingerprint.ts';
import { loadStatements } from '../../src/database/sources/load.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { buildSources } from './built.ts';
import { diffLocations, file, SNAPSHOT } from './database.ts';
import type { PostgresServer } from './postgres-server.ts';
import { fillTables, rowsOf } from './rows.ts';
import { openProxy } from './wire-proxy.ts';

const BUDGET_MS = 120_000;

let built: string | undefined;

/** The compiled command line, as it is installed. */
function commandLine(): string {
  if (built === undefined) {
    // Test files run side by side, and each may be the one that builds.
    const folder = buildSources(`migrate-cli-${process.pid}`);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    built = folder;
  }
  return join(built, 'cli/main.js');
}

/** How a command line ended. */
export interface Ended {
  /** Nothing when it was killed. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs in a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** All that was written to stderr so far. */
  readonly stderr: () => string;
}

/** Starts `senior-backend db ...` as a user does. */
export function start(...words: readonly string[]): Running {
  const child = spawn(process.execPath, [commandLine(), 'db', ...words], {
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    written.stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    written.stderr += bytes;
  });
  const ended = new Promise<Ended>((done) => child.on('close', (exit) => done({ exit, ...written })));
  return { child, ended, stderr: () => written.stderr };
}

/** Every hazard by name: what is tested here is not whether they are refused. */
export const ALLOW_ALL = ['--allow', Object.keys(HAZARDS).join(',')];

/** A database in a known state and a migration for it. */
export interface Lab {
  readonly name: string;
  readonly folder: string;
  /** How many tables hold rows. */
  readonly filled: number;
  readonly statements: number;
  readonly remove: () => void;
}

/**
 * Makes a database with a schema and rows, and the migration to another schema as `db diff` writes it: into `folder`, where
 * what is there already is taken as it is. Nothing when there is no difference.
 */
export async function openLab(
  server: PostgresServer,
  name: string,
  schemas: {
    readonly older: string;
    readonly newer: string;
    readonly rows: number;
    readonly folder?: string;
  },
): Promise<Lab | undefined> {
  await server.create(name);
  const url = server.url(name);
  const schema = await readSchema(file(schemas.older), { budgetMs: BUDGET_MS });
  const engine = await connect({ url, budgetMs: BUDGET_MS });
  try {
    await loadStatements(engine, schema.statements, { extensions: undefined, autocommit: true });
    const filled = schemas.rows === 0 ? 0 : await fillTables(engine, schemas.rows);
    const folder = schemas.folder ?? mkdtempSync(join(tmpdir(), 'migrate-lab-'));
    const isThere = readdirSync(folder).some((path) => path.endsWith('.sql'));
    if (!isThere && !(await writeMigration(url, schemas.newer, folder))) return undefined;
    const [migration] = await readMigrations(folder, '/');
    const statements = migration?.script.statements.filter(({ node }) => node !== 'TransactionStmt');
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    return { name, folder, filled, statements: statements?.length ?? 0, remove };
  } finally {
    await engine.close();
  }
}

/** Writes what leads from a database to a schema; whether there is anything to write. */
async function writeMigration(url: string, newer: string, folder: string): Promise<boolean> {
  const diff = await diffLocations({ kind: 'server', url }, file(newer));
  if (!diff.proof.proved || diff.plan.segments.length === 0) return false;
  const { migration, rollback } = migrationFiles(diff, new Date(Date.UTC(2026, 0, 31)));
  for (const { path, content } of [migration, rollback]) writeFileSync(join(folder, path), content);
  return true;
}

/** What can be compared of a database after a migration. */
export interface State {
  readonly fingerprint: string;
  readonly invalidIndexes: number;
  readonly rows: Readonly<Record<string, string>>;
  readonly applied: number;
}

export async function stateOf(url: string): Promise<State> {
  const engine = await connect({ url, budgetMs: BUDGET_MS });
  try {
    const [invalid] = await engine.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM pg_index WHERE NOT indisvalid',
    );
    const [journal] = await engine.rows<{ there: boolean }>(
      `SELECT to_regclass('senior_backend.migrations') IS NOT NULL AS there`,
    );
    const [lines] = journal?.there
      ? await engine.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM senior_backend.migrations WHERE state = 'applied'`,
        )
      : [];
    const rows = await rowsOf(engine);
    const print = fingerprint(await inspect(engine));
    return { fingerprint: print, invalidIndexes: invalid?.n ?? 0, rows, applied: lines?.n ?? 0 };
  } finally {
    await engine.close();
  }
}

/** Makes a copy of a lab's database. */
export async function copyOf(server: PostgresServer, lab: Lab, copy: string): Promise<string> {
  const admin = await connect({ url: server.url('postgres'), budgetMs: BUDGET_MS });
  try {
    await admin.run(`DROP DATABASE IF EXISTS "${copy}" WITH (FORCE); `);
    // Files are copied faster than pages are logged; both are the same afterwards.
    await admin.run(`CREATE DATABASE "${copy}" TEMPLATE "${lab.name}" STRATEGY file_copy`);
  } finally {
    await admin.close();
  }
  return server.url(copy);
}

/** The same URL through another port. */
export function through(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

/** What one kill led to. */
export interface Kill {
  /** Whether the process was running when it was to be killed. */
  readonly struck: boolean;
  /** The run after it. */
  readonly next: Ended;
}

/** Runs a migration, kills the process at one of its queries, and runs it once more. */
export async function killAt(url: string, lab: Lab, at: number, when: 'before' | 'after'): Promise<Kill> {
  const struck = await strike(url, lab, at, when);
  const next = await start('migrate', lab.folder, '--connection', url, ...ALLOW_ALL).ended;
  return { struck, next };
}

/** Runs a migration and kills the process at one of its queries; whether it came that far. */
export async function strike(url: string, lab: Lab, at: number, when: 'before' | 'after'): Promise<boolean> {
  let struck = false;
  let running: Running | undefined;
  const proxy = await openProxy(Number(new URL(url).port), {
    at,
    when,
    strike: () => {
      struck = true;
      running?.child.kill('SIGKILL');
    },
  });
  running = start('migrate', lab.folder, '--connection', through(url, proxy.port), ...ALLOW_ALL);
  await running.ended;
  await proxy.close();
  return struck;
}
