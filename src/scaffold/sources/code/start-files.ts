import { basename, dirname, sep } from 'node:path';
import { sortByText } from '../../../core/order.ts';
import type { Project } from './project.ts';

/** Folders whose applications are there to try others: tests, examples, measurements. */
const TRIALS: ReadonlySet<string> = new Set([
  'test',
  'tests',
  'spec',
  'specs',
  'e2e',
  'cypress',
  'fixture',
  'fixtures',
  '__fixtures__',
  'mock',
  'mocks',
  'example',
  'examples',
  'bench',
  'benchmark',
  'benchmarks',
]);

/** Where compilers put what they make. */
const COMPILED: ReadonlySet<string> = new Set(['dist', 'build', 'out', 'ts_build']);

/**
 * Files to begin at, and those that count only where the others have no routes: trials, and what was compiled from
 * sources that stand beside it. An import leads to any of them.
 */
export function filesToStart({ files, folder: { root } }: Project): {
  readonly meant: readonly string[];
  readonly aside: readonly string[];
} {
  const sources = files.filter((file) => /\.[cm]?tsx?$/.test(file));
  const isAside = (file: string): boolean => {
    const folders = dirname(file.slice(root.length + 1)).split(sep);
    if (folders.some((name) => TRIALS.has(name))) return true;
    const at = folders.findIndex((name) => COMPILED.has(name));
    if (at === -1 || !/\.[cm]?js$/.test(file)) return false;
    const source = [root, ...folders.slice(0, at), 'src', ''].join(sep);
    return sources.some((other) => other.startsWith(source));
  };
  const aside = new Set(files.filter(isAside));
  return { meant: entriesFirst(files.filter((file) => !aside.has(file))), aside: [...aside] };
}

const ENTRY = /^(?:index|main|server|app|start|www)\.[cm]?[jt]sx?$/;

/** Files that import each other in circles mean what they do when they are begun where the application begins. */
function entriesFirst(files: readonly string[]): string[] {
  const depth = (file: string): number => file.split(sep).length;
  const entries = files.filter((file) => ENTRY.test(basename(file)));
  const shallow = sortByText(entries, (file) => `${String(depth(file)).padStart(4, '0')} ${file}`);
  return [...new Set([...shallow, ...files])];
}
