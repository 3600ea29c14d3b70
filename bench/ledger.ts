import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../test/support/repository.ts';

/** What a bench has found so far, line by line, so that a run that is cut off loses nothing. */
export interface Ledger<Line> {
  readonly lines: readonly Line[];
  readonly add: (line: Line) => void;
}

/** Opens the ledger of a bench in the folder .cache of the repository; `anew` begins an empty one. */
export function openLedger<Line>(name: string, anew: boolean): Ledger<Line> {
  const path = join(ROOT, '.cache', 'bench', `${name}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  if (anew) rmSync(path, { force: true });
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines: Line[] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return {
    lines,
    add: (line) => {
      lines.push(line);
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
  };
}
