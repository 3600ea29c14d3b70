import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { ROOT } from '../support/repository.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';

const operation = (id: string, tag: string): string =>
  `{ operationId: ${id}, tags: [${tag}], responses: { '204': { description: Done } } }`;

const document = (...paths: readonly string[]): string =>
  `openapi: 3.1.0\ninfo: { title: Shop, version: '1' }\npaths:\n${paths.map((path) => `  ${path}\n`).join('')}`;

const ORDERS = `/orders: { get: ${operation('listOrders', 'orders')}, post: ${operation('addOrder', 'orders')} }`;
const ITEMS = `/items: { get: ${operation('listItems', 'items')} }`;

/** Inside the repository, so that what is generated finds its packages. */
const CACHE = join(ROOT, '.cache');

let folder = '';
beforeEach(() => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'living-with-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const scaffold = (...flags: readonly string[]) =>
  runCli(folder, 'scaffold', 'api.yaml', '-o', 'out', ...flags);

/** What the strict compiler says of the folder as it is now. */
function strictErrors(): string {
  write('package.json', '{ "type": "module" }');
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...STRICT_OPTIONS, noEmit: true }, include: ['out'] }),
  );
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

describe.each(['express', 'fastify', 'koa'])('%s', (framework) => {
  beforeEach(() => write('api.yaml', document(ORDERS, ITEMS)));

  test('--dry-run writes nothing and names what it would write', async () => {
    const { exit, stdout } = await scaffold('-f', framework, '--dry-run');
    expect(exit).toBe(0);
    expect(stdout).toContain('Would generate 3 route handlers in out');
    expect(stdout).toMatch(/files to create: .*orders\.handlers\.ts/);
    expect(readdirSync(folder)).toEqual(['api.yaml']);
  });

  test('--check tells a folder that is up to date from one that is not, and writes nothing', async () => {
    expect((await scaffold('-f', framework, '--check')).exit).toBe(3);
    expect(readdirSync(folder)).toEqual(['api.yaml']);
    await scaffold('-f', framework);
    expect(await scaffold('-f', framework, '--check')).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('out is up to date with api.yaml'),
    });
    const before = read('out/orders.routes.ts');
    write('api.yaml', document(ORDERS.replace('listOrders', 'allOrders'), ITEMS));
    const { exit, stdout } = await scaffold('-f', framework, '--check');
    expect([exit, stdout.includes('orders.routes.ts, types.ts, validators.ts')]).toEqual([3, true]);
    expect(read('out/orders.routes.ts')).toBe(before);
  });

  test('--check finds a generated file that was edited by hand', async () => {
    await scaffold('-f', framework);
    write('out/types.ts', `${read('out/types.ts')}// mine\n`);
    const { exit, stdout } = await scaffold('-f', framework, '--check', '--json');
    const { status, files } = JSON.parse(stdout);
    expect([exit, status]).toEqual([3, 'drift']);
    expect(files).toContainEqual({ path: 'types.ts', action: 'conflict', owner: 'generated' });
  });

  test('a second run changes nothing, and keeps the handlers', async () => {
    await scaffold('-f', framework);
    write('out/orders.handlers.ts', '// all mine\n');
    const { stdout } = await scaffold('-f', framework, '--json');
    const actions = new Set(JSON.parse(stdout).files.map(({ action }: { action: string }) => action));
    expect(actions).toEqual(new Set(['unchanged', 'kept']));
    expect(read('out/orders.handlers.ts')).toBe('// all mine\n');
  });

  test('operations that are gone are reported, and their handlers kept', async () => {
    await scaffold('-f', framework);
    const handlers = [read('out/orders.handlers.ts'), read('out/items.handlers.ts')];
    write('api.yaml', document(`/orders: { get: ${operation('listOrders', 'orders')} }`));
    const { exit, stderr, stdout } = await scaffold('-f', framework);
    expect(exit).toBe(0);
    expect(stderr).toContain('SCF020');
    expect(stderr).toContain('the operation addOrder is gone; its handler in orders.handlers.ts is kept');
    expect(stderr).toContain('the operation listItems is gone; its handler in items.handlers.ts is kept');
    expect(stdout).toContain('no longer generated, left in place: items.handlers.ts');
    expect([read('out/orders.handlers.ts'), read('out/items.handlers.ts')]).toEqual(handlers);
    expect(strictErrors()).toBe('');
    expect((await scaffold('-f', framework, '--check')).exit).toBe(0);

    rmSync(join(folder, 'out/items.handlers.ts'));
    write('out/orders.handlers.ts', read('out/orders.handlers.ts').replace(/ {2}addOrder[\s\S]*?\},\n/, ''));
    expect((await scaffold('-f', framework, '--check')).exit).toBe(3);
    const tidied = await scaffold('-f', framework);
    expect(tidied.stderr).not.toContain('SCF020');
    expect(tidied.stdout).toContain('no longer generated, removed: items.routes.ts');
    expect(read('out/orders.routes.ts')).not.toContain('addOrder');
    expect(strictErrors()).toBe('');
  });
});

test('--validate-responses and --errors decide what stands in the runtime', async () => {
  write('api.yaml', document(ORDERS));
  await scaffold('--validate-responses', 'always', '--errors', 'problem+json');
  expect(read('out/runtime/settings.ts')).toContain('VALIDATE_RESPONSES: boolean = true;');
  expect(read('out/runtime/error-body.ts')).toContain("type: 'application/problem+json");
  await scaffold('--validate-responses', 'never');
  expect(read('out/runtime/settings.ts')).toContain('VALIDATE_RESPONSES: boolean = false;');
  await scaffold();
  expect(read('out/runtime/settings.ts')).toContain("process.env['NODE_ENV'] !== 'production'");
  expect(read('out/runtime/error-body.ts')).toContain('{ error: { code, message, details }');
});

test("errors are the contract's own where it has a schema for them that can hold ours", async () => {
  const answer = (schema: string): string =>
    ORDERS.replace("'204': { description: Done }", `'204': { description: Done }, '400': ${schema}`);
  const described = (required: string): string =>
    `{ description: x, content: { application/json: { schema: { type: object, required: [${required}], properties: { msg: { type: string }, hint: { type: string } } } } } }`;
  write('api.yaml', document(answer(described('msg'))));
  expect((await scaffold()).stderr).not.toContain('SCF030');
  expect(read('out/error-bodies.ts')).toContain('msg: error.message');
  expect(read('out/runtime/error-body.ts')).toContain("from '../validators.js'");
  await scaffold('--errors', 'envelope');
  expect(read('out/runtime/error-body.ts')).not.toContain('validators');
  expect(read('out/validators.ts')).not.toContain('error-bodies');
  write('api.yaml', document(answer(described('msg, hint'))));
  const { stderr } = await scaffold();
  expect(stderr).toMatch(/SCF030.*listOrders's 400 answer asks for what no error of the service has/);
  expect(stderr).toContain('#/paths/~1orders/get/responses/400/content/application~1json/schema');
  expect(read('out/runtime/error-body.ts')).not.toContain('validators');
});
