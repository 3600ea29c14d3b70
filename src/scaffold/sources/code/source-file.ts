import type { Comment, Program } from 'oxc-parser';
import type { Diagnostic, Location } from '../../../core/diagnostic.ts';
import { tooNested } from './nesting.ts';

/** A source as it was read and parsed. Offsets count UTF-16 units from 0. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As a person would write it, for messages. */
  readonly shown: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** A piece of a source; every node of a syntax tree is one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something was written. */
export interface Origin {
  readonly file: SourceFile;
  readonly node: Span;
}

export type Parse = (path: string, shown: string, text: string) => SourceFile | Diagnostic;

/** Loads the parser, which is native code, only when sources are read. */
export async function loadParser(): Promise<Parse> {
  const { parseSync } = await import('oxc-parser');
  return (path, shown, text) => {
    const nested = tooNested(text);
    if (nested !== undefined) return unread(shown, `is not read: ${nested}`);
    // A tree for TypeScript has the same nodes for JavaScript.
    const options = { preserveParens: false, astType: 'ts' } as const;
    const first = parseSync(path, text, options);
    // What people keep in .js may be JSX, which .ts may not be.
    const result = first.errors.length > 0 ? parseSync(`${path}.jsx`, text, options) : first;
    const chosen = result.errors.length > first.errors.length ? first : result;
    const [error] = chosen.errors;
    if (error !== undefined && chosen.program.body.length === 0) {
      const start = error.labels[0]?.start ?? 0;
      return unread(shown, `cannot be parsed: ${error.message}`, lineAndColumn(text, start));
    }
    return { path, shown, text, program: chosen.program, comments: chosen.comments };
  };
}

const unread = (file: string, why: string, at: Partial<Location> = {}): Diagnostic => ({
  code: 'SCF071',
  severity: 'warning',
  message: `${file} ${why}`,
  location: { file, ...at },
});

export const isParsed = (parsed: SourceFile | Diagnostic): parsed is SourceFile => 'program' in parsed;

/** What a diagnostic says about a place in a source. */
export const locationOf = ({ file, node }: Origin): Location => ({
  file: file.shown,
  ...lineAndColumn(file.text, node.start),
});

/** Where the lines of a text begin; a source is asked for many places. */
const LINES = new Map<string, readonly number[]>();
const MAX_KNOWN = 50;

function lineStarts(text: string): readonly number[] {
  const known = LINES.get(text);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (LINES.size >= MAX_KNOWN) LINES.clear();
  LINES.set(text, starts);
  return starts;
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const starts = lineStarts(text);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
