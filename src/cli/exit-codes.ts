import type { FailureKind } from '../core/errors.ts';

/** Every exit code of the command line, with the sentence that help and docs/cli.md print. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'Done.' },
  failed: { code: 1, meaning: 'The operation failed.' },
  usage: { code: 2, meaning: 'The command line or its input was wrong.' },
  refused: { code: 3, meaning: 'Refused, or a check, threshold or expectation was not met.' },
  interrupted: { code: 130, meaning: 'Interrupted by Ctrl-C.' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** The exit that a failure of this kind ends with. */
export const EXIT_OF_FAILURE: Readonly<Record<FailureKind, ExitName>> = {
  failed: 'failed',
  usage: 'usage',
  refused: 'refused',
};
