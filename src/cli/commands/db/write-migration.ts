import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import type { PlannedFile } from '../../../core/file-changes.ts';

/**
 * Writes new files, all or none. A migrations folder is the user's own and gets no manifest; a file
 * that is already there is never touched. Errors: CORE002.
 */
export async function writeMigration(folder: string, files: readonly PlannedFile[]): Promise<void> {
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const { path, content } of files) {
      await writeFile(join(folder, path), content, { flag: 'wx' });
      written.push(join(folder, path));
    }
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new UserError('CORE002', `cannot write to ${folder}: the system answered ${code}`, {
      cause: error,
    });
  }
}
