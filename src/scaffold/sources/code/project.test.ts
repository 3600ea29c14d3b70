import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openProject, type Project } from './project.ts';
import type { Value } from './value.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function projectOf(files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'senior-project-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return openProject(folder, 'src', new Map());
}

/** The value of an export, in plain words. */
async function exported(files: Readonly<Record<string, string>>, name = 'x'): Promise<unknown> {
  const project = await projectOf(files);
  const module = project.module(project.files.find((file) => /main\.\w+$/.test(file)) ?? '');
  return module === undefined ? undefined : plain(project.exportOf(module, name));
}

function plain(value: Value): unknown {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'object') {
    return Object.fromEntries([...value.properties].map(([name, item]) => [name, plain(item)]));
  }
  if (value.kind === 'external') return [value.package, ...value.path].join('.');
  if (value.kind === 'call') return [plain(value.callee), ...value.args.map(plain)];
  if (value.kind === 'member') return [plain(value.of), value.name].flat();
  return value.kind === 'choice' ? new Set(value.options.map(plain)) : `<${value.kind}>`;
}

describe('values are followed', () => {
  test.each<[string, Readonly<Record<string, string>>, unknown]>([
    [
      'through templates',
      { 'main.ts': 'const v = 1; export const x = `/api/v$' + '{v}` + "/users";' },
      '/api/v1/users',
    ],
    [
      'through imports, with the extension of what is emitted',
      { 'main.ts': "import { p } from './b.js'; export const x = p;", 'b.ts': "export const p = '/b';" },
      '/b',
    ],
    [
      'through re-exports and folders',
      {
        'main.ts': "import { p } from './c'; export const x = p;",
        'c/index.ts': "export * from './d'; export { default as q } from './e';",
        'c/d.ts': "export const p = '/d';",
        'c/e.ts': "export default '/e';",
      },
      '/d',
    ],
    [
      'through CommonJS',
      {
        'main.js': "const { p } = require('./b'); exports.x = p + require('./c');",
        'b.js': "module.exports = { p: '/b' };",
        'c.js': "module.exports = '/c';",
      },
      undefined,
    ],
    [
      'through functions, defaults and spread',
      {
        'main.ts':
          "const f = ({ a = '/a' }: { a?: string } = {}, ...rest: string[]) => ({ a, rest }); export const x = { ...f({}, 'b', 'c'), d: 1 };",
      },
      { a: '/a', rest: ['b', 'c'], d: 1 },
    ],
    [
      'through classes that inherit',
      {
        'main.ts':
          "class A { base = '/a'; path() { return this.base; } } class B extends A { base = '/b'; } export const x = new B().path();",
      },
      '/b',
    ],
    [
      'to the packages that they come from',
      {
        'main.ts':
          "import { z } from 'zod'; const s = z.string(); export const x = z.object({ s }).partial();",
      },
      [['zod.z.object', { s: ['zod.z.string'] }, 'partial']],
    ],
    [
      'both ways, where the run decides',
      { 'main.ts': "export const x = process.env.A ? '/a' : '/b';" },
      new Set(['/a', '/b']),
    ],
    [
      'round circles of imports',
      {
        'main.ts': "import { b } from './b'; export const a = '/a'; export const x = b();",
        'b.ts': "import { a } from './main'; export const b = () => a + '/b';",
      },
      '/a/b',
    ],
    ['through enums', { 'main.ts': "enum E { A = '/a', B = '/b' } export const x = E.B;" }, '/b'],
    [
      'through lists',
      { 'main.ts': "export const x = ['a', 'b'].map((name) => `/${name}`).concat(['/c']);" },
      ['/a', '/b', '/c'],
    ],
  ])('%s', async (_what, files, expected) => {
    const found = 'main.js' in files ? await commonjs(files) : await exported(files);
    expect(found).toEqual('main.js' in files ? '/b/c' : expected);
  });

  test('a function that calls itself, and a loop, come to an end', async () => {
    const found = await exported({
      'main.ts':
        'const f = (n: number): number => f(n + 1) + f(n + 2); for (;;) { f(1); } export const x = f(1);',
    });
    expect(found).toBe('<unknown>');
  });
});

async function commonjs(files: Readonly<Record<string, string>>): Promise<unknown> {
  const project = await projectOf(files);
  const module = project.module(project.files.find((file) => file.endsWith('main.js')) ?? '');
  if (module === undefined) return undefined;
  project.follow(module);
  return plain(new Map(project.exportsOf(module)).get('x') ?? { kind: 'unknown' });
}

describe('hostile sources', () => {
  test.each([
    ['brackets', `${'('.repeat(100_000)}`],
    ['brackets behind strings that look like regular expressions', '(/"/,")",'.repeat(20_000)],
    ['arrows', `x = ${'a=>'.repeat(100_000)}a`],
    ['a sum', `x = ${'a+'.repeat(100_000)}a`],
    ['a ternary', `x = ${'a?b:'.repeat(100_000)}c`],
    ['types', `let x: ${'A<'.repeat(100_000)}`],
    ['labels', `${'a:'.repeat(100_000)};`],
    ['else', `${'if(a);else '.repeat(50_000)};`],
    ['templates', `${'`${'.repeat(50_000)}`],
  ])('%s without end are refused before they are parsed', async (_what, text) => {
    const project = await projectOf({ 'main.ts': text });
    expect(project.module(project.files[0] ?? '')).toBeUndefined();
    expect(project.diagnostics.map(({ code }) => code)).toEqual(['SCF071']);
  });

  test('what is long but honest is followed without a stack overflow', async () => {
    const sum = await exported({ 'main.ts': `export const x = ${"'a' + ".repeat(10_000)}'b';` });
    const chain = await exported({ 'main.ts': `export const x = y${'.b()'.repeat(10_000)};` });
    expect([sum, typeof chain]).toEqual(['<unknown>', 'object']);
  });

  test('names of Object.prototype are names like others', async () => {
    const found = await exported({
      'main.ts':
        "const o = { __proto__: { x: 1 }, constructor: '/c' }; export const x = [o.constructor, o.toString, o.x];",
    });
    expect(found).toEqual(['/c', '<unknown>', undefined]);
  });
});
