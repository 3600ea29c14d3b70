import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSIONS } from '../../src/scaffold/project/dependencies.ts';
import { runCli } from '../support/cli.ts';
import { readText } from '../support/repository.ts';
import { folderWith } from '../support/scratch-folder.ts';

const document = (security: string, title = 'Shop'): string => `openapi: 3.1.0
info: { title: ${JSON.stringify(title)}, version: '1' }
paths:
  /orders: { get: { operationId: listOrders, tags: [orders], ${security} responses: { '204': { description: Done } } } }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
    a-key: { type: apiKey, in: header, name: X-Key }
    aKey: { type: apiKey, in: query, name: key }
`;

const OPEN = document('');

const scaffold = (folder: string, ...flags: readonly string[]) =>
  runCli(folder, 'scaffold', 'api.yaml', '--project', '-o', 'out', ...flags);

const reader =
  (folder: string) =>
  (path: string): string =>
    readFileSync(join(folder, 'out', path), 'utf8');

test('the packages of projects are those that we test with', () => {
  const { dependencies, devDependencies } = JSON.parse(readText('package.json'));
  const packages = { ...dependencies, ...devDependencies };
  const ours = Object.fromEntries(Object.keys(VERSIONS).map((name) => [name, packages[name]]));
  expect(VERSIONS).toEqual(ours);
});

describe.each(['express', 'fastify', 'koa'])('a project on %s', (framework) => {
  test('keeps every file that its user may edit, and makes anew what the contract becomes', async () => {
    const folder = folderWith({ 'api.yaml': OPEN });
    const read = reader(folder);
    expect((await scaffold(folder, '-f', framework)).exit).toBe(0);
    const { files } = JSON.parse((await scaffold(folder, '-f', framework, '--json')).stdout);
    const mine = files.filter(({ owner }: { owner: string }) => owner === 'user');
    for (const { path } of mine) writeFileSync(join(folder, 'out', path), `mine: ${path}`);
    writeFileSync(join(folder, 'api.yaml'), OPEN.replaceAll('listOrders', 'allOrders'));
    expect((await scaffold(folder, '-f', framework)).exit).toBe(0);
    for (const { path } of mine) expect(read(path)).toBe(`mine: ${path}`);
    expect(mine.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining([
        '.env',
        'Dockerfile',
        'README.md',
        'package.json',
        'src/app.ts',
        'src/main.ts',
      ]),
    );
    expect(read('src/api/orders.routes.ts')).toContain('allOrders');
    expect((await scaffold(folder, '-f', framework, '--check')).exit).toBe(0);
  });

  test('says what its package.json lacks when the contract comes to need it', async () => {
    const folder = folderWith({ 'api.yaml': OPEN });
    await scaffold(folder, '-f', framework);
    expect(reader(folder)('package.json')).not.toContain('jose');
    writeFileSync(join(folder, 'api.yaml'), document('security: [{ token: [] }],'));
    const { exit, stderr } = await scaffold(folder, '-f', framework);
    expect([exit, stderr]).toEqual([0, expect.stringMatching(/SCF042[\s\S]*npm install jose@[\d.]+/)]);
    expect(reader(folder)('src/api/verifiers.ts')).toContain('token: tokens');
  });
});

test('text of the document is no more than text in a project', async () => {
  const title = `a'b\`c\${d}</h1>\\n\n# x`;
  const folder = folderWith({ 'api.yaml': document('security: [{ a-key: [] }, { aKey: [] }],', title) });
  const read = reader(folder);
  await scaffold(folder);
  const { name, description } = JSON.parse(read('package.json'));
  expect(name).toMatch(/^[a-z0-9-]+$/);
  expect(description).toBe("a'b c d /h1 n x");
  expect(read('README.md').split('\n', 1)).toEqual([`# ${description}`]);
  // Two schemes whose names differ in nothing but the way they are written have variables of their own.
  expect(read('.env.example').match(/^API_KEYS_\w+/gm)).toEqual(['API_KEYS_A_KEY', 'API_KEYS_A_KEY2']);
});

test('paths of health step aside for those of the contract', async () => {
  const folder = folderWith({ 'api.yaml': OPEN.replace('/orders:', "'/{anything}':") });
  await scaffold(folder);
  expect(reader(folder)('src/service.ts')).toContain("{ live: '/-/healthz', ready: '/-/readyz' }");
});

test('a project is not to be had with types only', async () => {
  const folder = folderWith({ 'api.yaml': OPEN });
  const { exit, stderr } = await scaffold(folder, '--types-only');
  expect([exit, stderr]).toEqual([2, expect.stringContaining('exclude each other')]);
});
