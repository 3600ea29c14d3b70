import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Location } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { type PsqlText, readPsql } from './psql.ts';

/** One statement of a file, located but not understood: what it means is for PostgreSQL to say. */
export interface Statement {
  /** Without the semicolon. */
  readonly text: string;
  /** The name of its node in PostgreSQL's grammar, such as `CreateStmt`. */
  readonly node: string;
  readonly location: Location;
  /** The parsed statement, for finding names of extensions and roles in it. */
  readonly tree: unknown;
}

/** Where a statement is, with its first line. */
export const placeOf = ({ text, location }: Statement): Location => ({
  ...location,
  statement: firstLine(text),
});

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** One file as it was read. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Splits a file into statements with PostgreSQL's own grammar; `psql`: what was cut out of it, where somebody has done
 * so. Errors: DB010 with the place of the mistake.
 */
export async function splitStatements(
  { path, text }: SourceFile,
  { sql }: Pick<PsqlText, 'sql'> = readPsql(text),
): Promise<Statement[]> {
  await loadModule();
  if (sql.trim() === '') return [];
  const bytes = Buffer.from(sql);
  const lineAt = lineCounter(bytes);
  const { stmts = [] } = parse(path, sql);
  return stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    const slice = bytes.subarray(start, length === undefined ? bytes.length : start + length);
    const lead = blankLength(slice.toString());
    const [node = 'Unknown', tree] = Object.entries(stmt ?? {})[0] ?? [];
    return {
      text: slice.toString().slice(lead).trimEnd(),
      node,
      tree,
      location: { file: path, line: lineAt(start + Buffer.byteLength(slice.toString().slice(0, lead))) },
    };
  });
}

/** White space and comments before a statement belong to the one before it, as far as places go. */
function blankLength(text: string): number {
  return /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0;
}

function parse(path: string, sql: string): ReturnType<typeof parseSync> {
  try {
    return parseSync(sql);
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    const before = sql.slice(0, error.sqlDetails?.cursorPosition ?? 0).split('\n');
    const location = { file: path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new UserError('DB010', error.message, { kind: 'usage', location, cause: error });
  }
}

/** The line of a byte offset; offsets must not go back. */
function lineCounter(bytes: Buffer): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) if (bytes[at] === 0x0a) line += 1;
    return line;
  };
}
