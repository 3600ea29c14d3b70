import { basename } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import type { PsqlText } from './psql.ts';

/** Commands that decide which statements run, or make statements of rows: only psql knows what is left. */
const DECIDES = /^\\(?:if|elif|else|endif|gset|gexec|crosstabview)\b/i;

/** `\i file`, `\ir 'file'` and their long names. */
const INCLUDES = /^\\(?:ir?|include(?:_relative)?)\s+(?:'([^']+)'|(\S+))/i;

type Command = PsqlText['commands'][number];

/** The error for a command that only psql can run. */
export const psqlOnly = (path: string, { text, line }: Command, help: string): UserError =>
  new UserError('DB069', `psql's ${text.split(/\s/)[0]} cannot be run here`, {
    kind: 'usage',
    location: { file: path, line },
    help,
  });

/**
 * What a file leaves to psql. Files that it includes are named unless they are among those that are read anyway; other
 * commands change nothing about a schema. `read`: the paths of all files. Errors: DB069 for commands that decide what runs.
 */
export function psqlNotes(path: string, commands: readonly Command[], read: readonly string[]): Diagnostic[] {
  const names = new Set(read.map((one) => basename(one)));
  return commands.flatMap((command): Diagnostic[] => {
    if (DECIDES.test(command.text)) {
      throw psqlOnly(
        path,
        command,
        'Write what it does as SQL, or give what psql makes of it: a database, or its pg_dump.',
      );
    }
    const [, quoted, bare = ''] = INCLUDES.exec(command.text) ?? [];
    const included = quoted ?? bare;
    if (included === '' || names.has(basename(included))) return [];
    const message = `left out, ${command.text} is not followed: give its folder, or both files in one`;
    return [{ code: 'DB012', severity: 'warning', message, location: { file: path, line: command.line } }];
  });
}
