// What the database was asked, and how long that took: written down when the service stops, if STATEMENTS says where.
import { writeFileSync } from 'node:fs';
import type { Queries } from './database.js';

interface Asked {
  calls: number;
  milliseconds: number;
}

const statements = new Map<string, Asked>();

/** Asks on, and keeps count. */
export function timed(queries: Pick<Queries, 'query'>): Queries {
  return {
    async query(text, parameters) {
      const start = performance.now();
      try {
        return await queries.query(text, parameters);
      } finally {
        const known = statements.get(text) ?? { calls: 0, milliseconds: 0 };
        known.calls += 1;
        known.milliseconds += performance.now() - start;
        statements.set(text, known);
      }
    },
  };
}

/** A list of statements, each with its calls and milliseconds; the waits for the connection are in them. */
export function writeStatements(file: string): void {
  const list = [...statements].map(([sql, asked]) => ({ sql, ...asked }));
  writeFileSync(file, JSON.stringify(list, null, 2));
}
