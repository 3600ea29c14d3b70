import { basename, dirname, relative, sep } from 'node:path';
import { memberOf } from '../interpret/members.ts';
import { isTrue } from '../interpret/operators.ts';
import type { Module, Project } from '../project.ts';
import { type CallSite, constant, textOf, UNDEFINED, type Value } from '../value.ts';
import { type Instance, register, runPlugin } from './fastify-instance.ts';

/**
 * What `@fastify/autoload` registers: every plugin of a folder, below a prefix made of the folders' names. Rules of
 * its version 6: a folder with an index file gives that alone, and the folders below it; `autoPrefix` and
 * `autoload` of a plugin count; `_id` is a parameter with `routeParams`.
 */
export function autoload(instance: Instance, options: Value, site: CallSite): void {
  const { project } = site.scope.frame.interpreter;
  const dir = textOf(memberOf(options, 'dir', site));
  const folder = dir === undefined ? undefined : dir.replace(/[\\/]+$/, '');
  const { root } = project.folder;
  if (folder === undefined || (folder !== root && !folder.startsWith(root + sep))) {
    site.scope.frame.interpreter.report(
      'SCF075',
      'warning',
      folder === undefined
        ? 'the folder that is loaded here cannot be told: its routes are missing from the document'
        : 'the folder that is loaded here is not part of what is read: its routes are missing from the document',
      site.origin,
    );
    return;
  }
  const flag = (name: string): boolean | undefined => {
    const value = memberOf(options, name, site);
    return value === UNDEFINED ? undefined : isTrue(value);
  };
  const choices = {
    folder,
    prefixed: flag('dirNameRoutePrefix') !== false,
    parameters: flag('routeParams') === true,
    deep: flag('maxDepth') !== false,
    ignored: ignoredBy(memberOf(options, 'ignorePattern', site)),
    options: memberOf(options, 'options', site),
    hooked: flag('autoHooks') === true,
    cascading: flag('cascadeHooks') === true,
  };
  const below = [...project.files].filter((file) => file.startsWith(folder + sep));
  for (const file of loaded(below, folder)) {
    if (choices.ignored(relative(folder, file))) continue;
    const module = project.module(file);
    if (module !== undefined) load(instance, module, project, choices, site);
  }
}

interface Choices {
  readonly folder: string;
  readonly prefixed: boolean;
  readonly parameters: boolean;
  readonly options: Value;
  /** Whether `autohooks` files count, and whether those of the folders around do. */
  readonly hooked: boolean;
  readonly cascading: boolean;
}

function ignoredBy(pattern: Value): (path: string) => boolean {
  if (pattern.kind === 'constant' && typeof pattern.value === 'string') {
    const { value } = pattern;
    return (path) => path.includes(value);
  }
  // Only what can be matched as plain text: a pattern of the sources is not run.
  if (pattern.kind !== 'pattern') return () => false;
  const text = /^\^?\.?\*?([\w\\./-]*?)(?:\.\*)?\$?$/.exec(pattern.source)?.[1]?.replaceAll('\\', '');
  return (path) => text !== undefined && text !== '' && path.includes(text);
}

/** Of a folder with an index file, only that. */
function loaded(files: readonly string[], folder: string): string[] {
  const isIndex = (file: string): boolean => /^index\.[cm]?[jt]sx?$/.test(basename(file));
  const indexed = new Set(files.filter(isIndex).map(dirname));
  return files.filter((file) => {
    const at = dirname(file);
    if (/^[_.]?auto_?hooks?\./i.test(basename(file))) return false;
    return isIndex(file) || !indexed.has(at) || (at === folder && !indexed.has(folder));
  });
}

function load(instance: Instance, module: Module, project: Project, choices: Choices, site: CallSite): void {
  project.follow(module);
  const exported = module.exports.has('default')
    ? project.exportOf(module, 'default')
    : module.commonjs.exports;
  const named = (name: string): Value =>
    module.exports.has(name) ? project.exportOf(module, name) : memberOf(exported, name, site);
  if (
    isTrue(named('autoload')) === false &&
    textOf(named('autoload')) === undefined &&
    named('autoload') !== UNDEFINED
  )
    return;
  const place = relative(choices.folder, dirname(module.file.path)).split(sep).filter(Boolean);
  const folders = choices.parameters ? place.map((name) => name.replace(/^_/, ':')) : place;
  const own = textOf(named('autoPrefix')) ?? textOf(named('prefixOverride'));
  const given =
    choices.options.kind === 'object' ? textOf(choices.options.properties.get('prefix')) : undefined;
  const prefix = own ?? (choices.prefixed && folders.length > 0 ? `/${folders.join('/')}` : '');
  const options: Value = {
    kind: 'object',
    properties: new Map(choices.options.kind === 'object' ? choices.options.properties : []),
    open: choices.options.kind !== 'object',
  };
  options.properties.set('prefix', constant(`${(given ?? '').replace(/\/$/, '')}${prefix}`));
  const hooks = choices.hooked ? autohooks(module, project, choices) : [];
  if (hooks.length === 0) {
    register(instance, exported, options, site);
    return;
  }
  // Hooks of a folder stand around its plugins.
  if (exported.kind !== 'function') return;
  const target = runPlugin(instance, exported, options, site);
  for (const hook of hooks) register(target, hook, UNDEFINED, site);
}

function autohooks({ file }: Module, project: Project, { folder, cascading }: Choices): Value[] {
  const own = dirname(file.path);
  const counts = (at: string): boolean =>
    at === own || (cascading && (at === folder || at.startsWith(folder + sep)) && own.startsWith(at + sep));
  const files = project.files.filter(
    (path) => /^[_.]?auto_?hooks?\./i.test(basename(path)) && counts(dirname(path)),
  );
  // Those of the folders around come first.
  return files
    .sort((left, right) => left.length - right.length)
    .flatMap((path) => {
      const module = project.module(path);
      if (module === undefined) return [];
      project.follow(module);
      const exported = module.exports.has('default')
        ? project.exportOf(module, 'default')
        : module.commonjs.exports;
      return exported.kind === 'function'
        ? [{ ...exported, properties: new Map([['*shared*', constant(true)]]) }]
        : [];
    });
}
