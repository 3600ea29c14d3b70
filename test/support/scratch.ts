import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { sortByText } from '../../src/core/order.ts';

/** A scratch home folder and a scratch project. */
export interface Scratch {
  readonly home: string;
  readonly project: string;
  readonly remove: () => void;
}

/** Makes the two, with these folders in the home. */
export function scratch(folders: readonly string[] = []): Scratch {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'skill-')));
  const [home, project] = [join(root, 'home'), join(root, 'project')];
  for (const folder of [home, project, ...folders.map((name) => join(home, name))]) {
    mkdirSync(folder, { recursive: true });
  }
  return { home, project, remove: () => rmSync(root, { recursive: true }) };
}

/** Everything below a folder: path to text, `-> target` of a link, or `/` of a folder. */
export function treeOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isSymbolicLink()) return [name, `-> ${readlinkSync(path)}`];
    return [name, entry.isDirectory() ? '/' : readFileSync(path, 'utf8')];
  });
  return Object.fromEntries(sortByText(entries, ([name = '']) => name));
}
