import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeHost } from '../../../../test/support/fake-host.ts';
import { listen } from '../../../../test/support/faulty-server.ts';
import { readText } from '../../../../test/support/repository.ts';
import type { Host } from '../../host.ts';
import { PROGRAM } from '../../program.ts';
import { runProgram } from '../../run.ts';

const bodies: string[] = [];
const authorizations: (string | undefined)[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    if (body !== '') bodies.push(body);
    authorizations.push(request.headers.authorization);
    response.statusCode = request.url === '/broken' ? 500 : 200;
    response.end('{"ok":true}');
  });
});
let base = '';
const folder = mkdtempSync(join(tmpdir(), 'load-'));
const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load.schema.json')));

beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function load(line: readonly string[], overrides: Partial<Host> = {}) {
  const { host, written } = fakeHost(['load', ...line], { cwd: folder, ...overrides });
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}

const QUICK = ['-d', '300ms', '-c', '4'];

describe('senior-backend load', () => {
  test('prints every line of the report', async () => {
    const { exit, stdout, stderr } = await load([`${base}/`, ...QUICK, '--verbose']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const labels = [
      'Load test of',
      'Method',
      'Duration',
      'Concurrency',
      'Total',
      'Requests/s',
      'Successful',
      'Failed',
    ]
      .concat(['Min', 'Avg', 'P50', 'P90', 'P95', 'P99', 'P99.9', 'Max', 'Std dev'])
      .concat(['Received', 'Sent', 'Throughput', 'Connections', 'Recommendations']);
    expect(labels.filter((label) => !new RegExp(`^ *${label}\\b`, 'm').test(stdout))).toEqual([]);
  });

  test('--json prints one document by schema, and --output writes the same to a file', async () => {
    const { exit, stdout } = await load([`${base}/`, ...QUICK, '--json', '-o', 'report.json']);
    const document = JSON.parse(stdout);
    expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
    expect(exit).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(document);
  });

  test('a service that only fails ends with 1, its answers counted by status', async () => {
    const { exit, stdout } = await load([`${base}/broken`, ...QUICK, '--json']);
    const document = JSON.parse(stdout);
    expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
    expect(exit).toBe(1);
    expect(document.requests.successful).toBe(0);
    expect(document.faults).toEqual([
      expect.objectContaining({
        kind: 'status',
        count: document.requests.failed,
        sample: expect.stringContaining('500'),
      }),
    ]);
  });

  test.each([
    [['--threshold', 'errors<1%', '--threshold', 'p99<60s'], '/', 0],
    [['--threshold', 'p50<0ms'], '/', 3],
    [['--expect-status', '500'], '/broken', 0],
    [['--expect-status', '400'], '/broken', 3],
    [['--expect-rate-limit'], '/', 3],
    [['--rate', '50'], '/', 0],
    [['--stages', '200ms:20,100ms:50', '--ramp', '100ms'], '/', 0],
  ])('%j on %s ends with %i', async (flags, path, exit) => {
    const pace = flags.includes('--stages') ? [] : ['-d', '300ms'];
    const outcome = await load([`${base}${path}`, ...pace, ...flags, '--json']);
    const document = JSON.parse(outcome.stdout);
    expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
    expect({ exit: outcome.exit, met: document.checks.every(({ met }: { met: boolean }) => met) }).toEqual({
      exit,
      met: exit === 0,
    });
  });

  test('the report for people shows checks, the rate limit and the model', async () => {
    const { stdout } = await load([
      `${base}/`,
      '--rate',
      '50',
      '-d',
      '300ms',
      '--expect-rate-limit',
      '--threshold',
      'p99<60s',
    ]);
    for (const words of [
      /Model +open: 50\/s for 0.3 s/,
      /Not seen/,
      /met +p99<60s/,
      /not met +a rate limit sets in/,
    ]) {
      expect(stdout).toMatch(words);
    }
  });

  test('data, bearer and user', async () => {
    bodies.length = 0;
    writeFileSync(join(folder, 'users.csv'), 'id,name\n1,Ann\n2,Bo\n');
    const line = ['-n', '3', '-c', '1', '-b', '{{id}}: {{name}}', '--data', 'users.csv', '--bearer', 'abc'];
    const { exit } = await load([`${base}/{{id}}`, ...line]);
    expect({ exit, bodies }).toEqual({ exit: 0, bodies: ['1: Ann', '2: Bo', '1: Ann'] });
    expect(authorizations.at(-1)).toBe('Bearer abc');
    await load([`${base}/`, '-n', '1', '-c', '1', '-u', 'me:secret']);
    expect(authorizations.at(-1)).toBe('Basic bWU6c2VjcmV0');
  });

  test('a body is given as text, from a file or from standard input', async () => {
    bodies.length = 0;
    writeFileSync(join(folder, 'body.txt'), 'from a file');
    await load([`${base}/`, '-n', '1', '-c', '1', '-b', 'from the line']);
    await load([`${base}/`, '-n', '1', '-c', '1', '-b', '@body.txt']);
    await load([`${base}/`, '-n', '1', '-c', '1', '-b', '@-'], { readStdin: async () => 'from the input' });
    expect(bodies).toEqual(['from the line', 'from a file', 'from the input']);
  });

  test.each([
    [['http://127.0.0.1:1/'], 1, 'LOAD003'],
    [['not a url'], 1, 'LOAD001'],
    [['http://localhost/', '-d', 'soon'], 2, 'LOAD005'],
    [['http://localhost/', '-m', 'GE T'], 2, 'LOAD005'],
    [['http://localhost/', '--expect-status', 'ok'], 2, 'LOAD005'],
    [['http://localhost/', '--stages', '10s'], 2, 'LOAD005'],
    [['http://localhost/', '--threshold', 'p99'], 2, 'LOAD005'],
    [['http://localhost/', '-H', 'no colon'], 2, 'LOAD002'],
    [['http://localhost/', '-b', '@missing'], 2, 'LOAD006'],
    [['http://localhost/', '-c', '0'], 2, 'CLI004'],
  ])('%j ends with %i and %s', async (line, exit, code) => {
    const outcome = await load(line);
    expect(outcome).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(`error[${code}]`) });
  });

  test('--report and --junit write their files, and GitHub is told on standard error', async () => {
    const flags = ['--report', 'report.html', '--junit', 'checks.xml', '--threshold', 'p50<0ms'];
    const { exit, stderr } = await load([`${base}/`, ...QUICK, ...flags], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^::error title=Load test of .*::p50<0ms was not met: .* ms\n$/);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<h1>Load test of');
    expect(readFileSync(join(folder, 'checks.xml'), 'utf8')).toContain('failures="1"');
  });

  test('a report that cannot be written is an error', async () => {
    const { exit, stderr } = await load([`${base}/`, '-n', '1', '-o', 'no/such/folder.json']);
    expect(exit).toBe(1);
    expect(stderr).toContain('error[LOAD007]');
  });

  test('progress goes to a terminal on standard error, and is gone at the end', async () => {
    let seen = '';
    const write = (text: string): void => {
      seen += text;
    };
    const stderr = { isTTY: true, columns: 80, write };
    await load([`${base}/`, '-d', '600ms'], { stderr });
    expect(seen).toMatch(/\[#+\.*\] \d+\/0.6 s {2}\d+\/s {2}P50 [\d.]+ ms {2}P99 [\d.]+ ms {2}0 failed/);
    expect(seen.endsWith('\r\u001b[2K')).toBe(true);
  });
});
