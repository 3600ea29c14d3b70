import type { StatementCount } from '../observer.ts';
import { type FrontendMessage, frontendMessages } from './frontend-messages.ts';

interface Count {
  readonly id: string;
  calls: number;
  ms: number;
  rows: number;
}

/** Texts beyond these are counted together: a service that writes its values into its statements has no end of them. */
const MOST_TEXTS = 5000;
const OTHERS = '/* other statements */';
/** Prepared statements and portals that are remembered. */
const MOST_NAMES = 1000;

/** Counts statements by what is said in a connection. One runs at a time. */
export class StatementCounter {
  readonly #counts = new Map<string, Count>();
  readonly #prepared = new Map<string, string>();
  readonly #portals = new Map<string, string>();
  #running: Count | undefined;

  /** Says what is about to run. */
  hears(message: Uint8Array): void {
    for (const one of frontendMessages(message)) {
      const { sql, runs } = this.#statementOf(one);
      if (sql === undefined) continue;
      this.#running = this.#countOf(sql);
      if (runs) this.#running.calls += 1;
    }
  }

  /** Time of what is running: reading and planning it is part of it. */
  took(ms: number): void {
    if (this.#running !== undefined) this.#running.ms += ms;
  }

  returned(rows: number): void {
    if (this.#running !== undefined) this.#running.rows += rows;
  }

  get counts(): StatementCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }

  get texts(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#counts].map(([sql, { id }]) => [id, sql]));
  }

  #statementOf(message: FrontendMessage): { readonly sql: string | undefined; readonly runs: boolean } {
    if (message.kind === 'query') return { sql: message.sql, runs: true };
    if (message.kind === 'execute') return { sql: this.#portals.get(message.portal), runs: true };
    if (message.kind === 'parse') {
      remember(this.#prepared, message.name, message.sql);
      return { sql: message.sql, runs: false };
    }
    const sql = this.#prepared.get(message.name);
    if (sql !== undefined) remember(this.#portals, message.portal, sql);
    return { sql, runs: false };
  }

  #countOf(sql: string): Count {
    const known = this.#counts.get(sql);
    if (known !== undefined) return known;
    const key = this.#counts.size < MOST_TEXTS ? sql : OTHERS;
    const count = this.#counts.get(key) ?? { id: String(this.#counts.size + 1), calls: 0, ms: 0, rows: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

function remember(names: Map<string, string>, name: string, sql: string): void {
  if (names.size >= MOST_NAMES && !names.has(name)) names.clear();
  names.set(name, sql);
}
