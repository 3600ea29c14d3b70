import type { Diagnostic, Location } from './diagnostic.ts';

/**
 * What kind of failure a UserError is; the command line maps it to an exit code.
 * `failed`: the operation could not be done. `usage`: the request itself is wrong.
 * `refused`: a check, threshold or safety rule was not met.
 */
export type FailureKind = 'failed' | 'usage' | 'refused';

export interface UserErrorOptions {
  readonly kind?: FailureKind;
  readonly help?: string;
  readonly location?: Location;
  readonly diagnostics?: readonly Diagnostic[];
  readonly cause?: unknown;
}

/** A failure we expect and can explain. Anything else that is thrown is a bug of ours and is reported as one. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly kind: FailureKind;
  readonly help: string | undefined;
  readonly location: Location | undefined;
  /** Further findings that belong to the same failure. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? 'failed';
    this.help = options.help;
    this.location = options.location;
    this.diagnostics = options.diagnostics ?? [];
  }
}

/** The system error code (`ENOENT`, `EACCES` ...) of a thrown value, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof UserError || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
