import { SqlFailure } from '../engines/engine.ts';
import type { Step } from './segments.ts';
import { failedAt, interruptedAt, LOCK_NOT_AVAILABLE } from './stopped.ts';
import { type Blocker, pause, type Surroundings } from './surroundings.ts';

export interface RetryLimits {
  /** How long a statement waits for a lock, and everybody behind it, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** How often it is tried again. */
  readonly retries: number;
}

/** The first wait and the longest, in milliseconds; doubled in between. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** What is worth another try: no lock, a deadlock, a conflict of serializable transactions. */
const REASONS: Readonly<Record<string, string>> = {
  [LOCK_NOT_AVAILABLE]: 'no lock',
  '40P01': 'deadlock',
  '40001': 'conflict',
};

/** Counts the tries of one transaction. Waits grow and are spread, so that two who collide do not collide again. */
export class Retries {
  readonly #limits: RetryLimits;
  readonly #surroundings: Surroundings;
  #tries = 0;

  constructor({
    limits,
    surroundings,
  }: { readonly limits: RetryLimits; readonly surroundings: Surroundings }) {
    this.#limits = limits;
    this.#surroundings = surroundings;
  }

  /** Waits when the error is worth another try; otherwise, and after the last one, throws what to tell. */
  async againOrFail(error: unknown, at: Step | undefined, blockers: readonly Blocker[] = []): Promise<void> {
    const reason = error instanceof SqlFailure ? REASONS[error.state] : undefined;
    if (reason === undefined || this.#tries >= this.#limits.retries) throw failedAt(at, error, blockers);
    this.#tries += 1;
    const { random, report, signal } = this.#surroundings;
    const afterMs = Math.round(
      Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#tries - 1)) * (0.5 + random() / 2),
    );
    report({ kind: 'retry', attempt: this.#tries, of: this.#limits.retries, afterMs, reason });
    await pause(afterMs, signal);
    if (signal.aborted) throw interruptedAt(at);
  }
}
