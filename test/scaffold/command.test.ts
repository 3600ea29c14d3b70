import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { type LineResult, runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';

const CONTRACT = join(ROOT, 'examples/orders/openapi.yaml');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scaffold-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scaffold = (...words: readonly string[]): Promise<LineResult> =>
  runLine(['scaffold', ...words], { cwd: folder });

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);

describe('senior-backend scaffold', () => {
  test('says what it generated, and the JSON document fits its schema', async () => {
    const text = await scaffold(CONTRACT);
    expect(text.exit).toBe(0);
    expect(text.stdout).toContain('Generated 7 route handlers in ./generated');
    expect(text.stdout).toMatch(/GET +\/customers\/\{customerId\} +\(getCustomer\)/);

    const json = await scaffold(CONTRACT, '--json');
    const document: unknown = JSON.parse(json.stdout);
    const isValid = schemaValidator('scaffold');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    expect(document).toMatchObject({ routes_count: 7, types_count: 14, framework: 'express' });
  });

  test('the second time nothing changes', async () => {
    await scaffold(CONTRACT);
    const before = read('generated/validators.ts');
    const again = await scaffold(CONTRACT, '--json');
    const actions = new Set(JSON.parse(again.stdout).files.map(({ action }: { action: string }) => action));
    expect(actions).toEqual(new Set(['unchanged', 'kept']));
    expect(read('generated/validators.ts')).toBe(before);
  });

  test('--types-only writes types.ts and nothing else', async () => {
    const { stdout } = await scaffold(CONTRACT, '--types-only', '--json');
    expect(JSON.parse(stdout).generated_files).toEqual(['types.ts']);
  });

  test('a generated file edited by hand is refused until the loss is named', async () => {
    await scaffold(CONTRACT);
    write('generated/types.ts', '// mine');
    const refused = await scaffold(CONTRACT);
    expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining('CORE003')]);
    expect(read('generated/types.ts')).toBe('// mine');
    expect((await scaffold(CONTRACT, '--force')).exit).toBe(0);
    expect(read('generated/types.ts')).not.toBe('// mine');
  });
});

describe('living with a contract that grows', () => {
  const project = join(ROOT, '.cache', 'grows');
  const tsc = async (): Promise<string> => {
    try {
      await promisify(execFile)(process.execPath, [
        join(ROOT, 'node_modules/typescript/bin/tsc'),
        '-p',
        project,
      ]);
      return '';
    } catch (error) {
      return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    }
  };

  test('a handler edited by hand is untouched, and the type check fails until the new one is there', async () => {
    rmSync(project, { recursive: true, force: true });
    await mkdir(project, { recursive: true });
    cpSync(join(ROOT, 'examples/orders'), project, { recursive: true });
    const contract = join(project, 'openapi.yaml');
    const output = join(project, 'src/api');
    await scaffold(contract, '-o', output);
    expect(await tsc()).toBe('');

    const handlers = join(output, 'orders.handlers.ts');
    const written = readFileSync(handlers, 'utf8');
    const grown = readFileSync(contract, 'utf8').replace(
      '  /orders/{orderId}:\n',
      "  /orders/count:\n    get:\n      operationId: countOrders\n      tags: [orders]\n      responses: { '204': { description: x } }\n  /orders/{orderId}:\n",
    );
    writeFileSync(contract, grown);
    expect((await scaffold(contract, '-o', output)).exit).toBe(0);
    expect(readFileSync(handlers, 'utf8')).toBe(written);
    expect(await tsc()).toMatch(/orders\.handlers\.ts.*countOrders/s);

    writeFileSync(
      handlers,
      written.replace('  async getOrder', '  countOrders: () => ({ status: 204 }),\n\n  async getOrder'),
    );
    expect(await tsc()).toBe('');
    rmSync(project, { recursive: true, force: true });
  });
});

describe('what cannot be generated from', () => {
  const OPENAPI = 'openapi: 3.0.3\ninfo: { title: t, version: "1" }\n';

  test.each([
    ['no such file', undefined, 2, 'SCF001', /doc\.yaml/],
    ['text that is no YAML', 'a: [1,\nb: 2', 1, 'SCF002', /doc\.yaml:\d+:\d+/],
    ['an empty document', '', 1, 'SCF003', /doc\.yaml/],
    ['a document of another kind', 'asyncapi: 3.0.0', 1, 'SCF003', /AsyncAPI/],
    ['a version we do not read', 'openapi: 4.0.0', 1, 'SCF003', /4\.0\.0/],
    ['a document without paths', OPENAPI, 1, 'SCF007', /paths/],
    [
      'a reference that leads nowhere',
      `${OPENAPI}paths:\n  /a:\n    get:\n      responses:\n        '200': { $ref: '#/components/responses/Nope' }\n`,
      1,
      'SCF005',
      /Nope[\s\S]*#\/paths\/~1a\/get\/responses\/200/,
    ],
    [
      'a reference to the network',
      `${OPENAPI}paths:\n  /a:\n    get:\n      responses:\n        '200': { $ref: 'http://169.254.169.254/x' }\n`,
      3,
      'SCF006',
      /--allow-network/,
    ],
    [
      'a reference above the folder',
      `${OPENAPI}paths:\n  /a: { $ref: '../../../etc/passwd' }\n`,
      3,
      'SCF006',
      /--allow-refs/,
    ],
    [
      'a parameter without a name',
      `${OPENAPI}paths:\n  /a:\n    get:\n      parameters: [{ in: query }]\n      responses: {}\n`,
      1,
      'SCF007',
      /doc\.yaml:6:\d+ #\/paths\/~1a\/get\/parameters\/0/,
    ],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]`).join('\n')}\n`,
      1,
      'SCF004',
      /anchor/,
    ],
    ['10,000 levels of nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 1, 'SCF004', /doc\.yaml/],
  ])('%s', async (_what, text, exit, code, shown) => {
    if (text !== undefined) write('doc.yaml', text);
    const result = await scaffold('doc.yaml', '-o', 'out');
    expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(`error[${code}]`)]);
    expect(result.stderr).toMatch(shown);
    expect(result.stderr).not.toMatch(/\n\s+at .*\.[jt]s:\d+/);
    expect(() => read('out/types.ts')).toThrow();
  });

  test('a schema nested too deeply is refused', async () => {
    const deep = `${'{"items":'.repeat(5_000)}{}${'}'.repeat(5_000)}`;
    write('doc.yaml', `{"openapi":"3.1.0","paths":{},"components":{"schemas":{"A":${deep}}}}`);
    const result = await scaffold('doc.yaml', '-o', 'out');
    expect([result.exit, result.stderr]).toEqual([1, expect.stringContaining('SCF004')]);
  });

  test('a folder that cannot be written', async () => {
    write('file', '');
    const result = await scaffold(CONTRACT, '-o', 'file/below');
    expect([result.exit, result.stderr]).toEqual([1, expect.stringContaining('CORE002')]);
  });

  test('a wrong flag names the one that was meant', async () => {
    const result = await scaffold(CONTRACT, '--framwork', 'express');
    expect([result.exit, result.stderr]).toEqual([2, expect.stringContaining('Did you mean --framework?')]);
  });
});
