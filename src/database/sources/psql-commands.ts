import { basename } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { readPsql } from './psql.ts';
import type { SourceFile } from './statements.ts';

/** Commands that decide which statements run, or make statements of rows: only psql knows what is left. */
const DECIDES = /^\\(?:if|elif|else|endif|gset|gexec|crosstabview)\b/i;

/** `\i file`, `\ir 'file'` and their long names. */
const INCLUDES = /^\\(?:ir?|include(?:_relative)?)\s+(?:'([^']+)'|(\S+))/i;

/**
 * What a file leaves to psql. Files that it includes are named unless they are among those that are read anyway; other
 * commands change nothing about a schema. `read`: the paths of all files. Errors: DB069 for commands that decide what runs.
 */
export function psqlNotes({ path, text }: SourceFile, read: readonly string[]): Diagnostic[] {
  const names = new Set(read.map((one) => basename(one)));
  return readPsql(text).commands.flatMap((command): Diagnostic[] => {
    const location = { file: path, line: command.line };
    if (DECIDES.test(command.text)) {
      throw new UserError('DB069', `psql's ${command.text.split(/\s/)[0]} cannot be run here`, {
        kind: 'usage',
        location,
        help: 'Write what it does as SQL, or give what psql makes of it: a database, or its pg_dump.',
      });
    }
    const [, quoted, bare = ''] = INCLUDES.exec(command.text) ?? [];
    const included = quoted ?? bare;
    if (included === '' || names.has(basename(included))) return [];
    const message = `left out, ${command.text} is not followed: give its folder, or both files in one`;
    return [{ code: 'DB012', severity: 'warning', message, location }];
  });
}
