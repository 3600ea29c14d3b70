// The index that is missing: found, rehearsed, built, and shown to be removable.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { counted } from '../../../core/names.ts';
import {
  type DryRunReport,
  migrate,
  migrateDry,
  migrationFiles,
  migrationStatus,
  type RunRequest,
  rollBack,
  rollBackDry,
  suggestIndexes,
} from '../../../database/index.ts';
import { snapshotFile } from '../db/snapshot.ts';
import { writeMigration } from '../db/write-migration.ts';
import { type DemoState, leftBy } from './state.ts';

const BUDGET_MS = 120_000;
const MEGABYTES_64 = 64 * 2 ** 20;
const MIGRATIONS = 'migrations';

/** The demo's database, for what is not the service: an embedded one is only open while the service is not. */
function databaseOf({ databaseUrl, folder }: DemoState): RunRequest['database'] {
  return databaseUrl === undefined
    ? { kind: 'embedded', folder: join(folder, 'data') }
    : { kind: 'server', url: databaseUrl };
}

/** What an earlier run of the demo built is taken back, so that there is something to be found again. */
export async function startAfresh(state: DemoState): Promise<void> {
  const known = await migrationsIn(state);
  if (state.databaseUrl !== undefined || known.length === 0) return;
  if (!existsSync(join(state.folder, 'data', 'PG_VERSION'))) return;
  const { lines } = await migrationStatus(requestFor(state, MIGRATIONS));
  if (!lines.some(({ status }) => status === 'applied')) return;
  const report = await rollBack(requestFor(state, MIGRATIONS));
  if (report.status === 'applied') state.say('The index of an earlier run is taken back.');
}

async function migrationsIn({ folder }: DemoState): Promise<string[]> {
  const names = await readdir(join(folder, MIGRATIONS)).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.sql') && !name.endsWith('_rollback.sql')).sort();
}

export async function suggest(state: DemoState): Promise<object> {
  const statements = leftBy(state, 'statements');
  const advice = await suggestIndexes({
    location: databaseOf(state),
    queries: {
      name: 'the statements of the service',
      text: statements.map(({ sql }) => `${sql};\n`).join('\n'),
    },
    maxIndexes: 10,
    maxBytes: MEGABYTES_64,
    withDrops: false,
    values: true,
    snapshot: snapshotFile(state.host.env),
    budgetMs: BUDGET_MS,
    signal: state.signal,
  });
  state.advice = advice;
  if (advice.diff === undefined || !advice.diff.proof.proved)
    throw new UserError('DEMO002', 'no index was found that helps', {
      help: `Look into ${state.shownFolder}; remove it to start afresh.`,
    });
  for (const { sql, bytes } of advice.suggestions)
    state.say(`${sql}\n  about ${(bytes / 2 ** 20).toFixed(1)} MB`);
  for (const { sql, before, after } of advice.advice.statements)
    if (after < before / 2)
      state.say(`  plan cost ${before.toFixed(0)} to ${after.toFixed(0)}: ${oneLine(sql)}`);
  state.migration = await write(state, migrationFiles(advice.diff, new Date(state.host.clock.now())));
  state.say(
    `Proved in a scratch: forward, back, forward again. Written to ${state.shownFolder}/${state.migration}`,
  );
  return {
    indexes: advice.suggestions.map(({ sql }) => sql),
    statements: advice.advice.statements.map(({ sql, before, after }) => ({
      sql,
      costBefore: before,
      costAfter: after,
    })),
    migration: state.migration,
  };
}

/** What an earlier run wrote is used again when it says the same: the folder is the user's. */
async function write(state: DemoState, files: ReturnType<typeof migrationFiles>): Promise<string> {
  const folder = join(state.folder, MIGRATIONS);
  const own = withoutName(files.migration.content);
  for (const name of await migrationsIn(state))
    if (withoutName(await readFile(join(folder, name), 'utf8')) === own) return `${MIGRATIONS}/${name}`;
  await writeMigration(folder, [files.migration, files.rollback]);
  return `${MIGRATIONS}/${files.migration.path}`;
}

/** The moment of writing is in the name of the way back. */
const withoutName = (content: string): string => content.replaceAll(/\d{14}_\w+/g, '');

export async function rehearse(state: DemoState): Promise<object> {
  const report = await migrateDry({
    ...requestFor(state, leftBy(state, 'migration')),
    to: undefined,
    baseline: false,
  });
  state.rehearsal = report;
  sayRehearsal(state, report);
  return rehearsalDocument(report);
}

export async function apply(state: DemoState): Promise<object> {
  const report = await migrate({
    ...requestFor(state, leftBy(state, 'migration')),
    to: undefined,
    baseline: false,
  });
  if (report.status !== 'applied')
    throw new UserError('DEMO001', `the migration ended as ${report.status}`, {
      help: report.failure?.message ?? `Look into ${state.shownFolder}.`,
    });
  state.say(`Applied ${counted(report.migrations.length, 'migration')}; the journal is in the database.`);
  return { status: report.status, migrations: report.migrations.length };
}

/** The way back, run on the database (where it can be rolled back) and in a copy of its schema. */
export async function proveWayBack(state: DemoState): Promise<object> {
  const report = await rollBackDry(requestFor(state, leftBy(state, 'migration')));
  state.wayBack = report;
  sayRehearsal(state, report);
  const failed = report.files.flatMap(({ statements }) => statements.filter(({ fails }) => fails));
  if (report.files.length === 0 || failed.length > 0)
    throw new UserError('DEMO001', 'the way back does not work', { help: `Look into ${state.shownFolder}.` });
  return rehearsalDocument(report);
}

function sayRehearsal({ say }: DemoState, { files, engine }: DryRunReport): void {
  for (const { statements, differences } of files) {
    for (const { sql, effects } of statements.filter((statement) => !isSetting(statement.sql))) {
      const locks = (effects?.locks ?? []).map(({ table, lock }) => `${lock} on ${table}`).join(', ');
      say(`${oneLine(sql)}${locks === '' ? '' : `\n  locks ${locks}`}`);
    }
    say(
      `Run in a scratch (${engine}): the schema then differs in ${counted(differences.length, 'object')}. Nothing was changed.`,
    );
  }
}

const rehearsalDocument = ({ files }: DryRunReport): object => ({
  statements: files.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
  differences: files.reduce((sum, { differences }) => sum + differences.length, 0),
});

/** How the file guards itself, such as by a lock timeout. */
export const isSetting = (sql: string): boolean => /^SET\b/i.test(sql);

export const oneLine = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim();

function requestFor(state: DemoState, path: string): RunRequest {
  const { host, signal } = state;
  return {
    path: join(state.folder, path),
    root: state.folder,
    database: databaseOf(state),
    journal: 'senior_backend',
    allow: [],
    forceFingerprint: false,
    waitMs: 10_000,
    limits: { lockTimeoutMs: 5000, retries: 3, statementTimeoutMs: 0, overrule: new Set() },
    unseen: undefined,
    scratchUrl: state.databaseUrl,
    snapshot: snapshotFile(host.env),
    budgetMs: BUDGET_MS,
    surroundings: {
      monotonic: () => host.clock.monotonic(),
      random: host.random,
      signal,
      report: () => undefined,
    },
  };
}
