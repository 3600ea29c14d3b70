// What a long bench has measured so far, a line of JSON each, so that a run that was cut short goes on where it was.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../test/support/repository.ts';

export interface KeptLines<T> {
  /** What a line is of. Measured before, it is not measured again. */
  readonly find: (key: string) => T | undefined;
  readonly keep: (key: string, line: T) => void;
}

/** The lines of a bench below .cache; none of them when it is to begin anew. */
export function keptLines<T>(bench: string, { fresh }: { readonly fresh: boolean }): KeptLines<T> {
  const file = join(ROOT, '.cache', 'bench', `${bench}.jsonl`);
  if (fresh) rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // A run that was cut off may have written half a line.
  if (whole !== text) writeFileSync(file, whole);
  const lines = new Map(
    whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as [string, T]),
  );
  return {
    find: (key) => lines.get(key),
    keep: (key, value) => {
      lines.set(key, value);
      appendFileSync(file, `${JSON.stringify([key, value])}\n`);
    },
  };
}
