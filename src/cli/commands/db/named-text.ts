import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import type { NamedText } from '../../../database/index.ts';
import type { Host } from '../../host.ts';

/** Reads a file that a flag names, `-` for standard input; nothing when it was not given. Errors: DB083. */
export async function namedText(host: Host, file: string | undefined): Promise<NamedText | undefined> {
  if (file === undefined) return undefined;
  if (file === '-') return { name: 'standard input', text: await host.readStdin() };
  try {
    return { name: file, text: await readFile(resolve(host.cwd, file), 'utf8') };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the system answered ${code}`;
    throw new UserError('DB083', `cannot read ${file}: ${reason}`, { kind: 'usage', cause: error });
  }
}
