import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../../test/support/scratch-folder.ts';
import { readSqlText } from './sql-text.ts';

function read(bytes: Uint8Array): Promise<string> {
  const folder = folderWith({});
  writeFileSync(join(folder, 'a.sql'), bytes);
  return readSqlText('a.sql', folder);
}

describe('a file of SQL', () => {
  test.each([
    ['plain', Buffer.from("SELECT 'ü'")],
    ['with a byte order mark', Buffer.from("\uFEFFSELECT 'ü'")],
    ['as PowerShell writes it', Buffer.from("\uFEFFSELECT 'ü'", 'utf16le')],
    ['in UTF-16 the other way round', Buffer.from("\uFEFFSELECT 'ü'", 'utf16le').swap16()],
  ])('is read %s', async (_, bytes) => {
    expect(await read(bytes)).toBe("SELECT 'ü'");
  });

  test.each([
    ['in another encoding', Buffer.from("SELECT 1;\nSELECT 'ü'", 'latin1'), 'it is not UTF-8', 2],
    [
      'with a zero byte, behind which nothing would be run',
      Buffer.from('SELECT 1;\n\n\0DROP'),
      'a zero byte',
      3,
    ],
  ])('is refused %s', async (_, bytes, reason, line) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'DB011',
      message: expect.stringContaining(reason),
      location: { file: 'a.sql', line },
    });
  });
});
