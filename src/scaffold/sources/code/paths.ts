import { dirname, join, sep } from 'node:path';
import type { SourceFolder } from './files.ts';

/** What may stand for a name without an extension, in the order in which bundlers and compilers look. */
const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'];

/** TypeScript writes the extension of what it will emit. */
const EMITTED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
  '.jsx': ['.tsx', '.jsx'],
};

/** A folder's files by what an import says. */
export class ImportPaths {
  readonly #folder: SourceFolder;
  readonly #aliases: readonly Alias[];

  constructor(folder: SourceFolder, aliases: readonly Alias[]) {
    this.#folder = folder;
    this.#aliases = aliases;
  }

  /** The file that an import means; `package` when it is none of a folder of sources, `outside` when it leaves it. */
  resolve(specifier: string, from: string): { readonly file: string } | 'package' | 'outside' {
    if (/^\.{0,2}(?:\/|$)/.test(specifier)) {
      const file = this.#fileAt(specifier.startsWith('/') ? specifier : join(dirname(from), specifier));
      return file === undefined ? 'outside' : { file };
    }
    for (const { prefix, folders, except } of this.#aliases) {
      if (!specifier.startsWith(prefix) || except?.has(packageOf(specifier)) === true) continue;
      for (const folder of folders) {
        const file = this.#fileAt(join(folder, specifier.slice(prefix.length)));
        if (file !== undefined) return { file };
      }
    }
    return 'package';
  }

  #fileAt(path: string): string | undefined {
    const { texts, root } = this.#folder;
    if (path !== root && !path.startsWith(root + sep)) return undefined;
    if (texts.has(path)) return path;
    const extension = /\.\w+$/.exec(path)?.[0] ?? '';
    const emitted = (EMITTED[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
    const added = EXTENSIONS.flatMap((other) => [path + other]);
    const index = EXTENSIONS.map((other) => join(path, `index${other}`));
    return [...emitted, ...added, ...index].find((candidate) => texts.has(candidate));
  }
}

/** What stands in front of a path in an import, and which folders it means. */
export interface Alias {
  readonly prefix: string;
  readonly folders: readonly string[];
  /** Packages that go first. */
  readonly except?: ReadonlySet<string>;
}

/** `@koa/router` of `@koa/router/lib/layer`, `controllers` of `controllers/users`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * What projects call their own folder in imports where no tsconfig.json says so. An alias only ever leads to a file
 * that is there.
 */
export function usualAliases(root: string): readonly Alias[] {
  const name = root.slice(root.lastIndexOf(sep) + 1);
  const folders = [root, join(root, 'src')];
  return [
    ...['@/', '~/', '#/', '@app/', '@src/'].map((prefix) => ({ prefix, folders })),
    { prefix: `${name}/`, folders: [root] },
    { prefix: '@', folders },
    { prefix: '#', folders },
  ];
}
