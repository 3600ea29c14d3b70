import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { compareVersions } from '../sources/version.ts';
import type { Entry } from './journal.ts';
import type { Migration } from './read-migrations.ts';
import { statementChecksum } from './script.ts';
import { cutSegments } from './segments.ts';

/** What there is to do, and what is worth saying. */
export interface Pending {
  readonly migrations: readonly Migration[];
  /** The line of the first one when it was begun and not ended. */
  readonly begun: Entry | undefined;
  readonly notes: readonly Diagnostic[];
}

/**
 * Compares the files with the journal. `to` names the last one to apply by version or name. Errors: DB061
 * when an applied file has changed, DB067 and DB068 for what was begun, DB070 when `to` names none.
 */
export function pendingOf(
  all: readonly Migration[],
  entries: readonly Entry[],
  to: string | undefined,
): Pending {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  failOnUnfinishedRollback(entries);
  failOnDrift(all, byName);
  const wanted = upTo(all, to);
  const pending = wanted.filter((migration) => isPending(migration, byName.get(migration.name)));
  const begun = entries.find(({ state }) => state === 'running');
  if (begun === undefined) return { migrations: pending, begun, notes: notesOn(pending, all, entries) };
  const unfinished = pending.find(({ name }) => name === begun.name);
  if (unfinished === undefined) throw unfinishedElsewhere(begun);
  failOnChangedBeginning(unfinished, begun);
  const rest = pending.filter((migration) => migration !== unfinished);
  return { migrations: [unfinished, ...rest], begun, notes: notesOn(rest, all, entries) };
}

function isPending({ repeatable, checksum }: Migration, entry: Entry | undefined): boolean {
  if (entry === undefined || entry.state === 'running') return true;
  return repeatable && entry.checksum !== checksum;
}

function upTo(all: readonly Migration[], to: string | undefined): readonly Migration[] {
  if (to === undefined) return all;
  const last = all.findLastIndex(
    ({ name, version }) =>
      name === to ||
      name === `${to}.sql` ||
      (/^[\d._]+$/.test(to) && version !== '' && compareVersions(version, to) === 0),
  );
  if (last >= 0) return all.slice(0, last + 1);
  throw new UserError('DB070', `no migration has the version or name ${JSON.stringify(to)}`, {
    kind: 'usage',
    help: `There are: ${all
      .map(({ name }) => name)
      .slice(-10)
      .join(', ')}.`,
  });
}

function failOnDrift(all: readonly Migration[], byName: ReadonlyMap<string, Entry>): void {
  const changed = all.filter(({ name, checksum, repeatable }) => {
    const entry = byName.get(name);
    return (
      (entry?.state === 'applied' || entry?.state === 'baseline') &&
      !repeatable &&
      entry.checksum !== checksum
    );
  });
  const [first, ...others] = changed;
  if (first === undefined) return;
  const finding = ({ path, name }: Migration): Diagnostic => ({
    code: 'DB061',
    severity: 'error',
    message: `${path} was applied at ${byName.get(name)?.finishedAt ?? '?'} and has changed since`,
  });
  throw new UserError('DB061', finding(first).message, { kind: 'refused', diagnostics: others.map(finding) });
}

/**
 * Running what was run under another name is running it twice, which for rows is not the same as once. Where `all` is one
 * file nobody knows which others there are. Errors: DB061.
 */
export function failOnRenamed(
  pending: readonly Migration[],
  all: readonly Migration[],
  entries: readonly Entry[],
): void {
  const names = new Set(all.map(({ name }) => name));
  const gone = entries.filter(({ name, state }) => state !== 'running' && !names.has(name));
  if (all.length < 2) return;
  for (const { path, name, checksum, script } of pending) {
    const before = gone.find((entry) => entry.checksum === checksum);
    const isKnown = entries.some((entry) => entry.name === name);
    if (before === undefined || isKnown || script.statements.length === 0) continue;
    throw new UserError('DB061', `${path} was applied under the name ${before.name}, which has no file now`, {
      kind: 'refused',
      help: `Give it its name back, or record the new one with --to ${name} --baseline. To run it a second time, let it differ by a comment.`,
    });
  }
}

function failOnUnfinishedRollback(entries: readonly Entry[]): void {
  const back = entries.find(({ state }) => state === 'rolling back');
  if (back === undefined) return;
  throw new UserError('DB067', `the rollback of ${back.name} was begun and is not finished`, {
    kind: 'refused',
    help: 'Finish it with senior-backend db rollback.',
  });
}

function unfinishedElsewhere({ name, reached, statements }: Entry): UserError {
  return new UserError(
    'DB068',
    `${name} was begun (${reached} of ${statements} statements done) and is not among these files`,
    {
      kind: 'refused',
      help: 'Nothing else is applied before it is finished: run the folder or the file that it is in.',
    },
  );
}

/** What is done cannot be changed; what is not done yet may be mended. */
function failOnChangedBeginning({ path, script }: Migration, { reached, reachedChecksum }: Entry): void {
  const statements = cutSegments(script).flatMap(({ steps }) => steps.map(({ statement }) => statement));
  if (reached === 0 || statementChecksum(statements.slice(0, reached)) === reachedChecksum) return;
  throw new UserError('DB068', `the first ${reached} statements of ${path} are done and have changed since`, {
    kind: 'refused',
    help: 'Restore them; what comes after them may be mended.',
  });
}

function notesOn(
  pending: readonly Migration[],
  all: readonly Migration[],
  entries: readonly Entry[],
): Diagnostic[] {
  const done = entries.filter(({ state }) => state === 'applied');
  const names = new Set(all.map(({ name }) => name));
  const latest = all.findLast(
    ({ name, repeatable }) => !repeatable && done.some((entry) => entry.name === name),
  );
  const late = pending.filter(
    ({ version, repeatable }) =>
      latest !== undefined && !repeatable && compareVersions(version, latest.version) < 0,
  );
  const gone = all.length > 1 ? done.filter(({ name }) => !names.has(name)) : [];
  return [
    ...late.map(
      ({ path }): Diagnostic => ({
        code: 'DB076',
        severity: 'warning',
        message: `${path} comes before ${latest?.name}, which is applied already`,
      }),
    ),
    ...gone.map(
      ({ name }): Diagnostic => ({
        code: 'DB077',
        severity: 'warning',
        message: `${name} is in the journal and not among the files`,
      }),
    ),
  ];
}
