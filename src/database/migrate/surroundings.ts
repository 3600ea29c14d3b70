import type { Diagnostic } from '../../core/diagnostic.ts';

/** What a run needs of the world, handed in by who starts it. */
export interface Surroundings {
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  /** Told what happens while it happens. */
  readonly report: (event: MigrateEvent) => void;
}

/** Somebody who stands in the way. */
export interface Blocker {
  readonly pid: number;
  /** Its statement with every literal replaced. */
  readonly query: string;
  /** `active`, `idle in transaction` ... */
  readonly state: string;
  /** Since its transaction began, in seconds. */
  readonly ageSeconds: number;
}

/** What can be told while a run goes on. */
export type MigrateEvent =
  | { readonly kind: 'file'; readonly name: string; readonly statements: number; readonly reached: number }
  | { readonly kind: 'statement'; readonly index: number; readonly count: number; readonly sql: string }
  | { readonly kind: 'waiting for lock'; readonly holders: readonly Blocker[] }
  | { readonly kind: 'blocked'; readonly blockers: readonly Blocker[] }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly of: number;
      readonly afterMs: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'progress';
      readonly phase: string;
      readonly done: number | undefined;
      readonly total: number | undefined;
      readonly seconds: number;
    }
  | { readonly kind: 'rebuild'; readonly index: string }
  | { readonly kind: 'note'; readonly note: Diagnostic };

/** Waits, or less when the user wants to stop. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
