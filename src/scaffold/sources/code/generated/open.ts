import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../../../core/diagnostic.ts';
import { systemErrorCode, UserError } from '../../../../core/errors.ts';
import { sortByText } from '../../../../core/order.ts';
import { isParsed, loadParser, type SourceFile } from '../source-file.ts';
import { type ReadService, readService } from './read.ts';

/** Where a service may be in a folder: there, or in the project that was written around it. */
const PLACES = ['', 'src/api'];

/** What no folder of routes that people write has side by side. */
const MARKS = ['validators.ts', 'types.ts', 'runtime/contract.ts'];

/** Microsoft Graph's service, of 11,422 operations, has 60 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The contract of the service that `scaffold` has written to a folder, or to the project in it, from its code;
 * undefined where there is none. Nothing is run, and nothing but the folder's own files is read.
 * Errors: SCF070 when a file cannot be read, is too large, or is not what a parser takes.
 */
export async function readServiceFolder(folder: string, shown: string): Promise<ReadService | undefined> {
  for (const place of PLACES) {
    const root = join(folder, place);
    const found = await Promise.all(MARKS.map((mark) => isFile(join(root, mark))));
    if (found.every(Boolean)) return readServiceFiles(await textsOf(root), join(shown, place));
  }
  return undefined;
}

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
};

/** Files of the folder itself; a service has its routes there. */
async function textsOf(root: string): Promise<Map<string, string>> {
  const entries = (await readdir(root, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(?:test|spec|d)\.ts$/.test(entry.name),
  );
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const { name } of sortByText(entries, (entry) => entry.name)) {
    bytes += (await stat(join(root, name))).size;
    if (bytes > MAX_BYTES)
      throw new UserError('SCF070', `${root} holds more than ${MAX_BYTES / 1024 / 1024} MB of sources`, {
        help: 'Name the folder of one service.',
      });
    texts.set(name, await readFile(join(root, name), 'utf8'));
  }
  return texts;
}

/** The same for files that are at hand, by their names. */
export async function readServiceFiles(
  texts: ReadonlyMap<string, string>,
  shown: string,
): Promise<ReadService> {
  const parse = await loadParser();
  const failed: Diagnostic[] = [];
  const parsed = new Map<string, SourceFile>();
  for (const [name, text] of texts) {
    const file = parse(name, join(shown, name), text);
    if (isParsed(file)) parsed.set(name, file);
    else failed.push(file);
  }
  const validators = parsed.get('validators.ts');
  if (validators === undefined) {
    const [why] = failed.filter(({ location }) => location?.file?.endsWith('validators.ts'));
    throw new UserError('SCF070', why?.message ?? `${shown} has no validators.ts`, {
      help: 'Mend the file, or generate it again.',
      ...(why?.location === undefined ? {} : { location: why.location }),
    });
  }
  const { model, diagnostics } = readService({
    validators,
    types: parsed.get('types.ts'),
    security: parsed.get('security.ts'),
    others: [...parsed.values()],
    parseExpression: (text) => {
      const file = parse('remark.ts', 'remark.ts', `(${text})`);
      const [statement] = isParsed(file) ? file.program.body : [];
      return statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
    },
  });
  return { model, diagnostics: [...failed, ...diagnostics] };
}
