import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { systemErrorCode } from '../../../core/errors.ts';
import { sortByText } from '../../../core/order.ts';
import { isJsonObject, type JsonValue, objectAt, stringAt } from '../../model/json.ts';
import type { Alias } from './paths.ts';

/** A file that says what a project is, in the folder of routes or the nearest above it that has one. */
export interface ProjectFile {
  readonly name: 'package.json' | 'tsconfig.json';
  /** Absolute. */
  readonly folder: string;
  readonly text: string;
}

const MAX_BYTES = 1024 * 1024;

/** Looks for package.json and tsconfig.json, from a folder upwards. Nothing else above the folder is read. */
export async function readProjectFiles(path: string): Promise<ProjectFile[]> {
  const found: ProjectFile[] = [];
  for (const name of ['package.json', 'tsconfig.json'] as const) {
    for (let folder = path, before = ''; folder !== before; before = folder, folder = dirname(folder)) {
      const text = await textAt(join(folder, name));
      if (text === undefined) continue;
      found.push({ name, folder, text });
      break;
    }
  }
  return found;
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(path);
    return bytes.length > MAX_BYTES ? undefined : bytes.toString('utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** What tsconfig.json says that imports mean, and what they can mean by package.json. */
export const projectAliases = (files: readonly ProjectFile[]): Alias[] => [
  ...aliasesOfConfig(files),
  ...aliasesOfPackage(files),
];

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** With NODE_PATH, and what takes its place, imports name the project's folders: whatever is no package may be one. */
function aliasesOfPackage(files: readonly ProjectFile[]): Alias[] {
  const file = files.find(({ name }) => name === 'package.json');
  const root = file === undefined ? undefined : jsonWithComments(file.text);
  if (file === undefined || root === undefined || !isJsonObject(root)) return [];
  const packages = DEPENDENCIES.flatMap((name) => Object.keys(objectAt(root, name)));
  if (packages.length === 0) return [];
  const except = new Set([...builtinModules, ...packages]);
  return [{ prefix: '', folders: [file.folder, join(file.folder, 'src')], except }];
}

/** `baseUrl` and `paths` */
function aliasesOfConfig(files: readonly ProjectFile[]): Alias[] {
  const config = files.find(({ name }) => name === 'tsconfig.json');
  const root = config === undefined ? undefined : jsonWithComments(config.text);
  if (config === undefined || root === undefined || !isJsonObject(root)) return [];
  const options = objectAt(root, 'compilerOptions');
  const baseUrl = stringAt(options, 'baseUrl');
  const base = join(config.folder, baseUrl ?? '.');
  const paths = Object.entries(objectAt(options, 'paths')).map(([pattern, targets]): Alias => {
    const folders = Array.isArray(targets) ? targets.filter((target) => typeof target === 'string') : [];
    return {
      prefix: pattern.replace(/\*.*$/, ''),
      folders: folders.map((folder) => join(base, folder.replace(/\*.*$/, ''))),
    };
  });
  const longestFirst = sortByText(paths, ({ prefix }) => String(9_999 - prefix.length).padStart(4, '0'));
  return [...longestFirst, ...(baseUrl === undefined ? [] : [{ prefix: '', folders: [base] }])];
}

/** JSON with comments and commas at the end, which YAML takes but for the comments. */
function jsonWithComments(text: string): JsonValue | undefined {
  const plain = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
    token.startsWith('"') ? token : ' ',
  );
  try {
    return parse(plain.replaceAll('\t', '  '), { maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}
