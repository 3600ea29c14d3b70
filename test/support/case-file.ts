import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.ts';

/** Two states of a schema: one case of a suite. */
export interface SchemaCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly renames: readonly { readonly from: string; readonly to: string }[];
}

/** Where the cases are: one file for each area, each with many small ones. */
export const CASES = join(ROOT, 'test', 'database-cases');

/**
 * Reads the cases of a file. Each begins with `-- case: name`; what follows `-- given` is in both
 * states, the rest under `-- before` and `-- after`. What stands before the first case is given to all.
 */
export function readCases(file: string): SchemaCase[] {
  const [shared = '', ...cases] = readFileSync(join(CASES, file), 'utf8').split(/^-- case: /m);
  return cases.map((text) => {
    const [name = '', ...lines] = text.split('\n');
    const parts = { given: '', before: '', after: '' };
    let part: keyof typeof parts = 'given';
    const renames: { from: string; to: string }[] = [];
    for (const line of lines) {
      const mark = /^-- (given|before|after)$/.exec(line)?.[1];
      const [, from, to] = /^-- rename: (.*)=(.*)$/.exec(line) ?? [];
      if (mark !== undefined) part = mark as keyof typeof parts;
      else if (from !== undefined && to !== undefined) renames.push({ from, to });
      else parts[part] += `${line}\n`;
    }
    const given = shared + parts.given;
    return { name: name.trim(), before: given + parts.before, after: given + parts.after, renames };
  });
}

/** The files that hold cases, by name. */
export const caseFiles = (): string[] =>
  readdirSync(CASES)
    .filter((name) => name.endsWith('.sql'))
    .sort();
