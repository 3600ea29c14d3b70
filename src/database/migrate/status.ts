import { nameOfLocation } from '../sources/location.ts';
import { openSession, type RunRequest } from './context.ts';
import { type Entry, hasJournal, readJournal } from './journal.ts';
import { type Migration, readMigrations } from './read-migrations.ts';

/** How one migration stands. */
export interface StatusLine {
  readonly name: string;
  /** `changed`: applied, and the file is another one now. `gone`: applied, and there is no file. */
  readonly status: 'applied' | 'baseline' | 'pending' | 'interrupted' | 'rolling back' | 'changed' | 'gone';
  readonly statements: number;
  readonly reached: number;
  readonly appliedBy: string | undefined;
  /** ISO 8601. */
  readonly finishedAt: string | undefined;
  readonly milliseconds: number | undefined;
  /** Whether there is a way back. */
  readonly reversible: boolean;
}

export interface StatusReport {
  readonly database: string;
  readonly lines: readonly StatusLine[];
}

/** Compares the files with the journal; neither waits for a run nor changes anything. */
export async function migrationStatus(request: RunRequest): Promise<StatusReport> {
  const all = await readMigrations(request.path, request.root);
  const session = await openSession(request);
  try {
    const hasOne = await hasJournal(session, request.journal);
    const entries = hasOne ? await readJournal(session, request.journal) : [];
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    const names = new Set(all.map(({ name }) => name));
    const lines = all.map((migration) => lineOf(migration, byName.get(migration.name)));
    const gone = entries.filter(({ name }) => !names.has(name)).map(goneLine);
    return { database: nameOfLocation(request.database), lines: [...gone, ...lines] };
  } finally {
    await session.close();
  }
}

function lineOf(migration: Migration, entry: Entry | undefined): StatusLine {
  const { name, script, back, checksum, repeatable } = migration;
  const reversible = back !== undefined;
  if (entry === undefined) {
    return { ...NEVER, name, status: 'pending', statements: script.statements.length, reversible };
  }
  const isChanged = entry.checksum !== checksum;
  const status =
    isChanged && entry.state !== 'running' ? (repeatable ? 'pending' : 'changed') : STATUS[entry.state];
  return { ...timesOf(entry), name, status, reversible };
}

const NEVER = { reached: 0, appliedBy: undefined, finishedAt: undefined, milliseconds: undefined } as const;

const STATUS: Readonly<Record<Entry['state'], StatusLine['status']>> = {
  running: 'interrupted',
  applied: 'applied',
  baseline: 'baseline',
  'rolling back': 'rolling back',
  'rolled back': 'pending',
  replaced: 'pending',
};

const goneLine = (entry: Entry): StatusLine => ({
  ...timesOf(entry),
  name: entry.name,
  status: 'gone',
  reversible: false,
});

const timesOf = ({ statements, reached, appliedBy, finishedAt, durationMs }: Entry) => ({
  statements,
  reached,
  appliedBy,
  finishedAt: finishedAt ?? undefined,
  milliseconds: durationMs,
});
