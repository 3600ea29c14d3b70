import type { Engine } from './engine.ts';

/** The one connection that a migration is run on: what is set in it, and its locks, last until it is closed. */
export interface Session extends Engine {
  /** The backend's process; undefined where there is no server. */
  readonly pid: number | undefined;
  /** Whether something between us and the server hands connections out. */
  readonly pooled: boolean;
  /** Statements that set what the connection always needs, to be repeated after RESET ALL. */
  readonly settings: string;
  /**
   * Runs statements in one message, so that no lock of theirs is held while the client and the server talk; `reached`
   * is told how many are done. Errors: SqlFailure.
   */
  runAll(statements: readonly string[], reached: (done: number) => void): Promise<void>;
  /** Runs `COPY ... FROM stdin` with these rows. Errors: SqlFailure. */
  copyIn(sql: string, rows: string): Promise<void>;
  /** Opens another connection to the same database; undefined where there can be only one. */
  beside(): Promise<Engine | undefined>;
}

/** The connection ended while something was running or about to. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
