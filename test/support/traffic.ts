import { Client } from 'pg';

/** What programs saw while something was done to their tables. */
export interface Traffic {
  readonly transactions: number;
  /** What PostgreSQL said to those that failed. */
  readonly failed: readonly string[];
  /** The longest time from the beginning of a transaction to its end, in milliseconds. */
  readonly longestMs: number;
  /** The backends that worked for them. */
  readonly pids: ReadonlySet<string>;
}

/**
 * Lets clients change and read rows of `users` by key, each in a transaction of its own, as pgbench's
 * default script does, while `work` is done.
 */
export async function underTraffic<T>(
  url: string,
  options: { readonly clients: number; readonly rows: number },
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly traffic: Traffic }> {
  let isOver = false;
  const counts = { transactions: 0, longestMs: 0 };
  const failed: string[] = [];
  const pids = new Set<string>();
  const one = async (seed: number): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    pids.add(String((await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid));
    for (let at = seed; !isOver; at += 7_919) {
      const id = (at % options.rows) + 1;
      const begun = performance.now();
      try {
        await client.query('BEGIN');
        await client.query('UPDATE users SET visits = visits + 1 WHERE id = $1', [id]);
        await client.query('SELECT id, visits FROM users WHERE id = $1', [id]);
        await client.query('COMMIT');
        counts.transactions += 1;
      } catch (error) {
        failed.push(error instanceof Error ? error.message : String(error));
        await client.query('ROLLBACK').catch(() => undefined);
      }
      counts.longestMs = Math.max(counts.longestMs, performance.now() - begun);
    }
    await client.end();
  };
  const clients = Array.from({ length: options.clients }, (_, index) => one(index * 101));
  try {
    // Programs were there before.
    await new Promise((done) => setTimeout(done, 300));
    return { result: await work(), traffic: { ...counts, failed, pids } };
  } finally {
    isOver = true;
    await Promise.all(clients);
  }
}
