import type { Evidence, StatementEvidence } from '../evidence.ts';
import { type Claim, figure, type Reason, type Rule, shortened } from '../reason.ts';

/**
 * The plan has to become this much cheaper for an index to be worth a word. Where the planner cannot know a value it
 * takes too many rows to match (1 % for containment), and thinks less of an index than it does.
 */
const LEAST_GAIN = 1.8;
/** A plan as cheap as this finds its rows by an index already. */
const LEAST_COST = 50;
/** Calls a request from which the calls themselves may be the reason. */
const REPEATED = 5;
/** Milliseconds a request below which nobody notices. */
const LEAST_MS = 0.5;

/** A statement that takes long, and an index with which its plan is far cheaper. */
export const missingIndex: Rule = (rest, { evidence, statement }) =>
  rest.operation.statements.flatMap((use): Claim[] => {
    const text = statement(use.id);
    const mend = text?.mend;
    if (
      text === undefined ||
      mend === undefined ||
      use.ms < LEAST_MS ||
      mend.before < LEAST_COST ||
      mend.before < LEAST_GAIN * mend.after
    )
      return [];
    const whole = rest.database.get(use.id) ?? 0;
    // Called again and again, it would still be called; that is another reason's to say.
    const spent = use.calls < REPEATED ? whole : whole * (1 - mend.after / mend.before);
    rest.database.set(use.id, whole - spent);
    return [
      {
        code: 'missing-index',
        message: (part) =>
          `${rest.operation.name} spends ${part} in one statement${scanOf(text)}: ${shortened(text.sql)}; ${indexesOf(mend.indexes)} brings its plan cost from ${figure(mend.before)} to ${figure(mend.after)}`,
        evidence: {
          statement: shortened(text.sql, 500),
          'calls a request': figure(use.calls),
          'ms a request, alone': figure(use.ms),
          'ms a request, under load': figure(whole),
          ...Object.fromEntries(text.scans.map(({ table, rows }) => [`rows of ${table}, read whole`, rows])),
          'plan cost': figure(mend.before),
          'plan cost with the index': figure(mend.after),
        },
        // Planned again, it needs the constants that the index may be made of.
        mend: mendOf(text.sent ?? text.sql, mend.indexes, evidence),
        takes: { database: new Map([[use.id, spent]]) },
        holdsConnection: true,
      },
    ];
  });

const scanOf = ({ scans }: StatementEvidence): string =>
  scans.length === 0
    ? ''
    : `, a sequential scan of ${scans.map(({ table }) => table.replace(/^public\./, '')).join(', ')}`;

const indexesOf = (indexes: readonly string[]): string =>
  indexes.map((sql) => `the index ${/^CREATE (?:UNIQUE )?INDEX (\S+)/.exec(sql)?.[1] ?? sql}`).join(' and ');

/** The command that proves and writes the migration: it gets the statement itself, and so needs no counters. */
function mendOf(sql: string, indexes: readonly string[], { connection, embedded }: Evidence): Reason['mend'] {
  if (connection.shown === '') return { text: 'Build the index where the schema is made.', sql: indexes };
  const quoted = `'${sql.trim().replaceAll("'", String.raw`'\''`)}'`;
  const password = connection.hasPassword ? 'PGPASSWORD=... ' : '';
  return {
    text: `Build the index; the command proves the migration forwards and back, and writes it.${embedded ? ' Stop the service first: one process may open the folder.' : ''}`,
    sql: indexes,
    command: `echo ${quoted} | ${password}senior-backend db suggest-indexes --connection ${connection.shown} --queries - -o migrations/`,
  };
}
