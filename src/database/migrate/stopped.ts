import type { Diagnostic } from '../../core/diagnostic.ts';
import { SqlFailure } from '../engines/engine.ts';
import { ConnectionLost } from '../engines/session.ts';
import type { Step } from './segments.ts';
import type { Blocker } from './surroundings.ts';

/** Why a script is not at its end, and what is to be done; what was reached is in the journal. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly diagnostic: Diagnostic;
  readonly interrupted: boolean;

  constructor(diagnostic: Diagnostic, options: { readonly interrupted?: boolean; readonly cause?: unknown }) {
    super(diagnostic.message, { cause: options.cause });
    this.diagnostic = diagnostic;
    this.interrupted = options.interrupted === true;
  }
}

/** What a SQLSTATE or its class asks for: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const HELP: readonly (readonly [RegExp, string])[] = [
  [/^42501/, 'Give the role the right, or connect as one that has it; then run the same line again.'],
  [/^53100/, 'Free space on the disk of the server; then run the same line again.'],
  [/^53/, 'The server ran out of something; when it has it again, run the same line again.'],
  [/^57014/, 'It took longer than statement_timeout; raise --statement-timeout and run the same line again.'],
  [/^23/, 'Mend the rows that do not fit; then run the same line again.'],
  [/^2D000/, 'A procedure that commits needs a file of its own that asks for no transaction.'],
];

export const MEND = 'Mend it and run the same line again; what is done is not done twice.';

/** A statement failed for good. */
export function failedAt(step: Step | undefined, error: unknown, blockers: readonly Blocker[] = []): Stopped {
  const location = step === undefined ? {} : { location: placeOf(step) };
  if (error instanceof ConnectionLost) {
    return new Stopped(
      {
        code: 'DB064',
        severity: 'error',
        message: `the connection was lost: ${error.message}`,
        ...location,
        help: 'Run the same line again: it looks at what was done and goes on from there.',
      },
      { cause: error },
    );
  }
  if (!(error instanceof SqlFailure)) throw error;
  if (error.state === LOCK_NOT_AVAILABLE) {
    const who = blockers.map(({ pid, query, ageSeconds }) => `pid ${pid} since ${ageSeconds} s: ${query}`);
    return new Stopped(
      {
        code: 'DB063',
        severity: 'error',
        message: `a lock was not to be had${who.length === 0 ? '' : `; in the way: ${who.join('; ')}`}`,
        ...location,
        help: 'Run the same line again when the others are done; --lock-timeout and --lock-retries say how long to try.',
      },
      { cause: error },
    );
  }
  const detail = error.detail === undefined ? '' : ` (${error.detail})`;
  const help = HELP.find(([state]) => state.test(error.state))?.[1] ?? error.hint ?? MEND;
  return new Stopped(
    { code: 'DB062', severity: 'error', message: `${error.message}${detail}`, ...location, help },
    { cause: error },
  );
}

export const LOCK_NOT_AVAILABLE = '55P03';

/** The user wanted to stop. */
export function interruptedAt(step: Step | undefined): Stopped {
  return new Stopped(
    {
      code: 'DB079',
      severity: 'warning',
      message: 'stopped as asked',
      ...(step === undefined ? {} : { location: placeOf(step) }),
      help: 'What is committed stays and is in the journal; the same line goes on from there.',
    },
    { interrupted: true },
  );
}

export const placeOf = ({ statement }: Step): NonNullable<Diagnostic['location']> => ({
  ...statement.location,
  statement: firstLine(statement.text),
});

export function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
