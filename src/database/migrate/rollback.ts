import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { nameOfLocation } from '../sources/location.ts';
import { type Applied, countOf, isExpected, majorOf, reachedNow } from './apply.ts';
import { type RunContext, type RunRequest, readModel, withReading, withRun } from './context.ts';
import { type DryRunReport, dryRun, failOnHazards } from './dry-run.ts';
import { beginBack, type Entry, type JournalLine } from './journal.ts';
import type { MigrateReport } from './migrate.ts';
import { type Back, holdsMany, type Migration, readMigrations, readOneMigration } from './read-migrations.ts';
import type { Rehearsed } from './rehearse.ts';
import { runScript } from './run-script.ts';
import { failedAt, Stopped } from './stopped.ts';

/** A migration that is to be undone, its line in the journal and its way back. */
interface Target {
  readonly migration: Migration;
  readonly entry: Entry;
  readonly back: Back;
}

/**
 * Undoes the last migration, or the one that the path names if it is the last. Errors: those of `withRun`
 * and `readMigrations`; DB023, DB065, DB066, DB067.
 */
export async function rollBack(request: RunRequest): Promise<MigrateReport> {
  const choose = await chooserOf(request);
  return withRun(request, async (run) => {
    const target = await targetOf(run.entries, choose);
    if (target.entry.state !== 'rolling back') await failOnOtherState(run, target);
    await failOnHazards(run, [rehearsedBack(target)]);
    return undo(run, target);
  });
}

/** Shows what `rollBack` would do and changes nothing. Errors: as `rollBack`. */
export async function rollBackDry(request: RunRequest): Promise<DryRunReport> {
  const choose = await chooserOf(request);
  return withReading(request, async (run) =>
    dryRun(run, [rehearsedBack(await targetOf(run.entries, choose))]),
  );
}

const rehearsedBack = ({ migration, back, entry }: Target): Rehearsed => ({
  name: migration.name,
  script: back.script,
  text: back.text,
  reached: entry.state === 'rolling back' ? entry.reached : 0,
});

/** Finds the file of a line in the journal, or the line's name that must be the last. */
type Chooser = (last: Entry) => Migration;

async function chooserOf({ path, root }: RunRequest): Promise<Chooser> {
  if (await holdsMany(path, root)) {
    const all = await readMigrations(path, root);
    return (last) => {
      const found = all.find(({ name }) => name === last.name);
      if (found !== undefined) return found;
      throw new UserError(
        'DB067',
        `${last.name} is the last that was applied, and ${path} does not hold it`,
        {
          kind: 'refused',
        },
      );
    };
  }
  const one = await readOneMigration(path, root);
  return (last) => {
    if (one.name === last.name) return one;
    throw new UserError('DB067', `${one.name} is not the last that was applied; that is ${last.name}`, {
      kind: 'refused',
      help: 'What came later may stand on it: undo that first.',
    });
  };
}

async function targetOf(entries: readonly Entry[], choose: Chooser): Promise<Target> {
  const begun = entries.find(({ state }) => state === 'running');
  if (begun !== undefined) {
    throw new UserError('DB067', `${begun.name} was begun and is not finished`, {
      kind: 'refused',
      help: 'Finish it with senior-backend db migrate first: a way back starts from the end.',
    });
  }
  const last =
    entries.find(({ state }) => state === 'rolling back') ??
    entries.findLast(({ state }) => state === 'applied');
  if (last === undefined) {
    throw new UserError('DB067', 'nothing is applied that could be rolled back', { kind: 'refused' });
  }
  const migration = choose(last);
  if (migration.back === undefined) {
    throw new UserError('DB066', `${migration.path} has no way back`, {
      kind: 'refused',
      help: 'A way back is a file beside it (x_rollback.sql, x.down.sql, U1__x.sql) or the lower half of the file itself.',
    });
  }
  return { migration, entry: last, back: await migration.back() };
}

/** A way back starts from where the migration led; anything else is another database than it was made for. */
async function failOnOtherState(run: RunContext, { back, entry, migration }: Target): Promise<void> {
  if (run.request.forceFingerprint) return;
  const model = await readModel(run);
  const isSame =
    back.from === undefined
      ? isUnknown(run, entry, entry.fingerprintAfter) || fingerprint(model) === entry.fingerprintAfter
      : await isExpected(run, back.from, model);
  if (isSame) return;
  throw new UserError('DB065', `the database is no longer as ${migration.name} left it`, {
    kind: 'refused',
    help: 'See what changed since with db diff, or go on with --force-fingerprint.',
  });
}

/** What another major version has read cannot be compared. */
const isUnknown = (run: RunContext, { serverVersion }: Entry, print: string | null): boolean =>
  print === null || serverVersion !== majorOf(run);

async function undo(run: RunContext, target: Target): Promise<MigrateReport> {
  const { migration, entry, back } = target;
  const { request, surroundings } = run;
  const { name } = migration;
  const line: JournalLine = { schema: request.journal, name, during: 'rolling back', finally: 'rolled back' };
  const statements = countOf(back.script);
  const isBegun = entry.state === 'rolling back';
  const resumedAt = isBegun ? entry.reached : 0;
  const begun = surroundings.monotonic();
  surroundings.report({ kind: 'file', name: back.script.path, statements, reached: resumedAt });
  const told = {
    name,
    path: back.script.path,
    statements,
    resumedAt,
    fingerprintBefore: entry.fingerprintAfter ?? undefined,
  };
  const since = (): number => Math.round(surroundings.monotonic() - begun);
  try {
    await runScript(run, {
      script: back.script,
      line,
      begin: isBegun ? undefined : beginBack(line, statements),
      reached: resumedAt,
      attempt: isBegun ? entry.attempt : null,
      unseen: request.unseen,
    });
  } catch (error) {
    const stopped = error instanceof Stopped ? error : failedAt(undefined, error);
    const reached = await reachedNow(run, name, resumedAt);
    const status = stopped.interrupted ? 'interrupted' : 'failed';
    const applied: Applied = { ...told, status, reached, milliseconds: since(), fingerprintAfter: undefined };
    return reportOf(run, applied, status, stopped.diagnostic);
  }
  const { now, failure } = await whereItLed(run, target);
  const applied: Applied = {
    ...told,
    status: 'rolled back',
    reached: statements,
    milliseconds: since(),
    fingerprintAfter: now,
  };
  return reportOf(run, applied, failure === undefined ? 'applied' : 'failed', failure);
}

function reportOf(
  { request }: RunContext,
  applied: Applied,
  status: MigrateReport['status'],
  failure: Diagnostic | undefined,
): MigrateReport {
  return {
    status,
    database: nameOfLocation(request.database),
    migrations: [applied],
    left: [],
    failure,
    notes: [],
  };
}

/** The schema has to be what it was before the migration. */
async function whereItLed(
  run: RunContext,
  { back, entry }: Target,
): Promise<{ readonly now: string; readonly failure: Diagnostic | undefined }> {
  const model = await readModel(run);
  const now = fingerprint(model);
  const isSame =
    now === entry.fingerprintBefore ||
    run.request.forceFingerprint ||
    (back.to === undefined
      ? isUnknown(run, entry, entry.fingerprintBefore)
      : await isExpected(run, back.to, model));
  if (isSame) return { now, failure: undefined };
  return {
    now,
    failure: {
      code: 'DB071',
      severity: 'error',
      message: `${back.script.path} was run, and the schema is not what it was before the migration`,
      location: { file: back.script.path },
      help: 'See what differs with db diff.',
    },
  };
}
