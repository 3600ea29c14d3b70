import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';

/** Writes a report to a file that does not exist yet, or to any file with `overwrite`. Errors: DEC007. */
export async function writeReport(file: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const exists = code === 'EEXIST';
    throw new UserError(
      'DEC007',
      exists ? `${file} exists` : `cannot write ${file}: the system answered ${code}`,
      {
        kind: exists ? 'refused' : 'failed',
        help: exists ? 'Choose another name, or give --force to overwrite it.' : 'Choose another name.',
        cause: error,
      },
    );
  }
}
