import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { nameOfLocation } from '../sources/location.ts';
import { type Applied, applyMigration, majorOf } from './apply.ts';
import { type RunContext, type RunRequest, readModel, withReading, withRun } from './context.ts';
import { type DryRunReport, dryRun, failOnHazards } from './dry-run.ts';
import { type Entry, recordBaseline, recordFingerprint } from './journal.ts';
import { failOnRenamed, pendingOf } from './pending.ts';
import { type Migration, readMigrations } from './read-migrations.ts';
import type { Rehearsed } from './rehearse.ts';

export interface MigrateRequest extends RunRequest {
  /** The last migration to apply, by version or name; undefined: all. */
  readonly to: string | undefined;
  /** Records what is pending as applied instead of running it. */
  readonly baseline: boolean;
}

/** What a run did. */
export interface MigrateReport {
  readonly status: 'applied' | 'nothing' | 'failed' | 'interrupted';
  readonly database: string;
  readonly migrations: readonly Applied[];
  /** Migrations that were not begun. */
  readonly left: readonly string[];
  readonly failure: Diagnostic | undefined;
  readonly notes: readonly Diagnostic[];
}

/** Applies what is pending, in order. Errors: those of `withRun`, `readMigrations`, `pendingOf`; DB023, DB065. */
export async function migrate(request: MigrateRequest): Promise<MigrateReport> {
  const all = await readMigrations(request.path, request.root);
  return withRun(request, (run) =>
    request.baseline ? baseline(run, all, request) : applyPending(run, all, request),
  );
}

/** Shows what `migrate` would do and changes nothing. Errors: as `migrate`. */
export async function migrateDry(request: MigrateRequest): Promise<DryRunReport> {
  const all = await readMigrations(request.path, request.root);
  return withReading(request, async (run) => {
    const { migrations, begun, notes } = pendingOf(all, run.entries, request.to);
    failOnRenamed(migrations, all, run.entries);
    const report = await dryRun(run, rehearsedOf(migrations, begun));
    return { ...report, notes: [...notes, ...report.notes] };
  });
}

const rehearsedOf = (migrations: readonly Migration[], begun: Entry | undefined): Rehearsed[] =>
  migrations.map(({ name, script, text }) => ({
    name,
    script,
    text,
    reached: name === begun?.name ? begun.reached : 0,
  }));

async function applyPending(
  run: RunContext,
  all: readonly Migration[],
  request: MigrateRequest,
): Promise<MigrateReport> {
  const { migrations, begun, notes } = pendingOf(all, run.entries, request.to);
  failOnRenamed(migrations, all, run.entries);
  const database = nameOfLocation(request.database);
  await completeFingerprint(run);
  failOnBrokenChain(migrations, request);
  if (migrations.length > 0) await failOnHazards(run, rehearsedOf(migrations, begun));
  const applied: Applied[] = [];
  let before: string | undefined;
  for (const migration of migrations) {
    const entry = migration.name === begun?.name ? begun : undefined;
    const result = await applyMigration(run, migration, { entry, before });
    applied.push(result.applied);
    before = result.applied.fingerprintAfter;
    if (result.failure !== undefined) {
      const left = migrations.slice(applied.length).map(({ name }) => name);
      const status = result.interrupted ? 'interrupted' : 'failed';
      return { status, database, migrations: applied, left, failure: result.failure, notes };
    }
  }
  const status = applied.length === 0 ? 'nothing' : 'applied';
  return { status, database, migrations: applied, left: [], failure: undefined, notes };
}

/** A run that was killed right behind its last commit could not record what the schema became. */
async function completeFingerprint(run: RunContext): Promise<void> {
  const last = run.entries.findLast(({ state }) => state === 'applied');
  if (last === undefined || last.fingerprintAfter !== null) return;
  const after = fingerprint(await readModel(run));
  await run.session.run(recordFingerprint(run.request.journal, last.name, after));
}

/** Generated files that follow each other must meet; better to know before the first one runs. */
function failOnBrokenChain(migrations: readonly Migration[], { forceFingerprint }: RunRequest): void {
  const broken = migrations.find((migration, at) => {
    const previous = migrations[at - 1];
    return previous?.to !== undefined && migration.from !== undefined && previous.to !== migration.from;
  });
  if (broken === undefined || forceFingerprint) return;
  throw new UserError('DB065', `${broken.path} does not start from where the one before it leads`, {
    kind: 'refused',
    location: { file: broken.path },
    help: 'Make it anew with db diff, or go on with --force-fingerprint.',
  });
}

async function baseline(
  run: RunContext,
  all: readonly Migration[],
  request: MigrateRequest,
): Promise<MigrateReport> {
  const { migrations, begun, notes } = pendingOf(all, run.entries, request.to);
  if (begun !== undefined) {
    throw new UserError('DB068', `${begun.name} was begun and is not finished`, { kind: 'refused' });
  }
  const now = fingerprint(await readModel(run));
  const values = { fingerprintBefore: now, serverVersion: majorOf(run) };
  const lines = migrations.map(({ name, checksum, script }) =>
    recordBaseline(request.journal, name, { ...values, checksum, statements: script.statements.length }),
  );
  if (lines.length > 0) await run.session.run(`BEGIN; ${lines.join('; ')}; COMMIT`);
  return {
    status: lines.length === 0 ? 'nothing' : 'applied',
    database: nameOfLocation(request.database),
    migrations: migrations.map(({ name, path }) => ({
      name,
      path,
      status: 'baseline',
      statements: 0,
      resumedAt: 0,
      reached: 0,
      milliseconds: 0,
      fingerprintBefore: now,
      fingerprintAfter: now,
    })),
    left: [],
    failure: undefined,
    notes,
  };
}
