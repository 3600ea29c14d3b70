import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../core/errors.ts';

/** What a byte order mark says of a file; PowerShell writes UTF-16. */
const ENCODINGS: readonly (readonly [mark: string, encoding: string])[] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/**
 * Reads a file of SQL without its byte order mark. Errors: DB011 also for what is no text: a letter that was read
 * wrongly would be in the database before anybody notices, and PostgreSQL's parser stops reading at a zero byte.
 */
export async function readSqlText(path: string, root: string): Promise<string> {
  const bytes = await readFile(resolve(root, path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = ENCODINGS.find(([known]) => known === mark)?.[1] ?? 'utf-8';
  const text = decode(bytes, encoding);
  if (text === undefined) throw noText(path, `it is not ${encoding.toUpperCase()}`, lineOfFault(bytes));
  const zero = text.indexOf('\0');
  if (zero >= 0) throw noText(path, 'it holds a zero byte', text.slice(0, zero).split('\n').length);
  return text;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The first line that is not UTF-8; line ends are never part of another letter. */
function lineOfFault(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  return lines.findIndex((line) => decode(Buffer.from(line, 'latin1'), 'utf-8') === undefined) + 1;
}

function noText(path: string, reason: string, line: number): UserError {
  return new UserError('DB011', `cannot read ${path}: ${reason}`, {
    kind: 'usage',
    location: { file: path, line },
    help: 'Save it as UTF-8.',
  });
}

/** What the system says of a file or folder, as a user error. */
export function unreadable(path: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const reason = code === 'ENOENT' ? 'there is no such file or folder' : `the system answered ${code}`;
  return new UserError('DB011', `cannot read ${path}: ${reason}`, { kind: 'usage', cause: error });
}
