import type { Case } from './comparison.ts';
import { DOCUMENTS } from './documents.ts';
import { positionsOf } from './positions.ts';

/** What published advisories against generators put into documents, and names that mean something elsewhere. */
const TEXTS: readonly string[] = [
  '*/ process.exit() /*',
  "'); process.exit(); ('",
  '"; process.exit(); "',
  '`${process.exit()}`',
  "\\'; process.exit(); //",
  'line\nprocess.exit()',
  'separator\u2028process.exit()',
  '\u202eoverride',
  '../../outside',
  '/etc/passwd',
  'C:\\Windows',
  'nul\0byte',
  'con',
  'class',
  '__proto__',
  'constructor',
  'toString',
  '(a+)+$',
  '[',
  'import("node:fs")',
];

/** Every place of every document, each with one of the texts: another one than the place before it. */
export function* advisoryCases(): Generator<Case> {
  let turn = 0;
  for (const [dialect, document] of Object.entries(DOCUMENTS)) {
    for (const position of positionsOf(document)) {
      yield { dialect, texts: new Map([[position, TEXTS[turn % TEXTS.length] ?? '']]) };
      turn += 1;
    }
  }
}
