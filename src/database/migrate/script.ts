import { sha256 } from '../../core/hash.ts';
import { readPsql } from '../sources/psql.ts';
import { psqlOnly } from '../sources/psql-commands.ts';
import { type SourceFile, type Statement, splitStatements } from '../sources/statements.ts';

/** A statement of a migration. */
export interface ScriptStatement extends Statement {
  /** The rows behind a `COPY ... FROM stdin`. */
  readonly rows?: string;
}

/** What a file tells to do, in its order. */
export interface Script {
  readonly path: string;
  readonly statements: readonly ScriptStatement[];
  /** Whether the file asks for a transaction per statement. */
  readonly noTransaction: boolean;
}

/** Meta-commands that change nothing about what a file does; pg_dump writes the first two. */
const HARMLESS = /^\\(?:restrict|unrestrict|echo|qecho|timing|pset|gx?\s*$|set\s+ON_ERROR_STOP|!$)/i;

/** Reads the statements of a file. Errors: DB010 when it is not SQL, DB069 for what only psql can do. */
export async function readScript(file: SourceFile, noTransaction: boolean): Promise<Script> {
  const psql = readPsql(file.text);
  const command = psql.commands.find(({ text }) => !HARMLESS.test(text));
  if (command !== undefined) {
    throw psqlOnly(
      file.path,
      command,
      'Write what it does as SQL, or run the file with psql and record it with --baseline.',
    );
  }
  const statements = await splitStatements(file, psql);
  let next = 0;
  const withRows = statements.map((statement): ScriptStatement => {
    if (!readsStdin(statement)) return statement;
    next += 1;
    return { ...statement, rows: psql.copies[next - 1] ?? '' };
  });
  return { path: file.path, statements: withRows, noTransaction };
}

function readsStdin({ node, tree }: Statement): boolean {
  if (node !== 'CopyStmt') return false;
  const { is_from: isFrom, filename } = tree as { is_from?: boolean; filename?: string };
  return isFrom === true && filename === undefined;
}

/** What a statement does, for telling whether it is still the one that was run. */
export const statementChecksum = (statements: readonly ScriptStatement[]): string =>
  sha256(statements.map(({ text, rows = '' }) => `${text}\n${rows}`).join('\n;\n'));
