import { normalizeSync } from 'libpg-query';
import type { StatementCount } from '../observer.ts';

/**
 * Statements as pg_stat_statements would have them: texts that differ in their constants alone are one. The grammar
 * has to be loaded.
 */
export class TextsById {
  readonly #read: () => Promise<Readonly<Record<string, unknown>>>;
  /** By the number that the service gave a text: the text without constants. */
  readonly #normal = new Map<string, string>();
  /** By the text without constants: its number here, which is the first that the service gave one like it. */
  readonly #ids = new Map<string, string>();
  readonly #sent = new Map<string, string>();

  constructor(read: () => Promise<Readonly<Record<string, unknown>>>) {
    this.#read = read;
  }

  /** The counts added up by statement. */
  async merged(counts: readonly StatementCount[]): Promise<StatementCount[]> {
    if (counts.some(({ id }) => !this.#normal.has(id))) this.#learn(await this.#read());
    const sums = new Map<string, StatementCount>();
    for (const one of counts) {
      const id = this.#ids.get(this.#normal.get(one.id) ?? '') ?? one.id;
      const known = sums.get(id) ?? { id, calls: 0, ms: 0, rows: 0 };
      sums.set(id, {
        id,
        calls: known.calls + one.calls,
        ms: known.ms + one.ms,
        rows: known.rows + one.rows,
      });
    }
    return [...sums.values()];
  }

  /** Texts without constants. */
  normal(): ReadonlyMap<string, string> {
    return new Map([...this.#ids].map(([text, id]) => [id, text]));
  }

  /** Texts as they were sent. */
  sent(): ReadonlyMap<string, string> {
    return this.#sent;
  }

  #learn(texts: Readonly<Record<string, unknown>>): void {
    for (const [id, sql] of Object.entries(texts)) {
      if (this.#normal.has(id) || typeof sql !== 'string') continue;
      const normal = withoutConstants(sql);
      this.#normal.set(id, normal);
      const known = this.#ids.get(normal) ?? id;
      this.#ids.set(normal, known);
      this.#sent.set(known, sql);
    }
  }
}

/** What is no SQL stays as it is. */
function withoutConstants(sql: string): string {
  try {
    return normalizeSync(sql);
  } catch {
    return sql;
  }
}
