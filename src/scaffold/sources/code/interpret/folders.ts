import { constant, native, type ObjectValue, UNKNOWN, type Value } from '../value.ts';
import type { Call } from './calls.ts';

type Files = ReadonlyMap<string, string>;

const filesOf = ({ site }: Call): Files => site.scope.frame.interpreter.project.folder.texts;

/** A constant path, without the slashes at its end. */
const pathOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' ? String(value.value).replace(/(.)\/+$/, '$1') : undefined;

const isFolder = (files: Files, path: string): boolean =>
  [...files.keys()].some((file) => file.startsWith(`${path}/`));

const asked = (name: string, is: boolean): Value => native(name, () => constant(is));

/** What `stat` and the entries of `readdir` with types answer. */
const kindOf = (files: Files, path: string): [string, Value][] => [
  ['isFile', asked('isFile', files.has(path))],
  ['isDirectory', asked('isDirectory', isFolder(files, path))],
  ['isSymbolicLink', asked('isSymbolicLink', false)],
];

const object = (properties: readonly (readonly [string, Value])[]): ObjectValue => ({
  kind: 'object',
  properties: new Map(properties),
  open: true,
});

/** The names in a folder of the sources; nothing else is looked at. */
function readdir([folder, options]: readonly Value[], call: Call): Value {
  const path = pathOf(folder);
  if (path === undefined) return UNKNOWN;
  const files = filesOf(call);
  const below = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
  if (below.length === 0) return UNKNOWN;
  const flag = (name: string): boolean => {
    const value = options?.kind === 'object' ? options.properties.get(name) : undefined;
    return value?.kind === 'constant' && value.value === true;
  };
  const inside = below.map((file) => file.slice(path.length + 1));
  const names = new Set(flag('recursive') ? inside : inside.map((file) => file.split('/')[0] ?? ''));
  const entry = (name: string): Value =>
    object([
      ['name', constant(name)],
      ['path', constant(path)],
      ['parentPath', constant(path)],
      ...kindOf(files, `${path}/${name}`),
    ]);
  const items = [...names].map((name) => (flag('withFileTypes') ? entry(name) : constant(name)));
  return { kind: 'list', items, open: false };
}

function stat([given]: readonly Value[], call: Call): Value | undefined {
  const path = pathOf(given);
  return path === undefined ? undefined : object(kindOf(filesOf(call), path));
}

/** Only for what is in the folder: what else there is on the machine is not looked at. */
function exists([given]: readonly Value[], call: Call): Value | undefined {
  const path = pathOf(given);
  const { root } = call.site.scope.frame.interpreter.project.folder;
  if (path === undefined || !path.startsWith(`${root}/`)) return undefined;
  const files = filesOf(call);
  return files.has(path) || isFolder(files, path) ? constant(true) : undefined;
}

/** What functions of `fs` say of the folder that is read. */
export const FILES: Readonly<Record<string, (args: readonly Value[], call: Call) => Value | undefined>> = {
  readdirSync: readdir,
  readdir,
  'promises.readdir': readdir,
  statSync: stat,
  lstatSync: stat,
  stat,
  lstat: stat,
  'promises.stat': stat,
  existsSync: exists,
};
