import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeHost } from '../../../test/support/fake-host.ts';
import { listen } from '../../../test/support/faulty-server.ts';
import { PROGRAM } from '../program.ts';
import { runProgram } from '../run.ts';
import { loadTesterHost } from './load-tester-host.ts';

let answered = 0;
const server = createServer((request, response) => {
  answered += 1;
  if (request.url === '/limited' && answered > 20) response.statusCode = 429;
  if (request.method === 'POST') response.statusCode = 400;
  setTimeout(() => response.end('{"ok":true}'), 2);
});
const folder = mkdtempSync(join(tmpdir(), 'drop-in-'));
let base = '';

beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function tester(...line: readonly string[]) {
  const { host, written } = fakeHost(line, { cwd: folder });
  const exit = await runProgram(loadTesterHost(host), PROGRAM);
  return { exit, ...written };
}

// The lines of the earlier tool, with shorter durations.
describe('api-load-tester', () => {
  test('URL with every flag', async () => {
    const flags = [
      '--concurrency',
      '5',
      '--duration',
      '0.3',
      '--method',
      'GET',
      '--header',
      'X-A: b',
      '--timeout',
      '5',
    ];
    const { exit, stdout } = await tester(`${base}/`, ...flags, '--no-verify-ssl', '--verbose');
    expect(exit).toBe(0);
    for (const word of ['Requests/s', 'P50', 'P99', 'Std dev', 'Throughput']) expect(stdout).toContain(word);
  });

  test('--json and --output', async () => {
    const { exit, stdout } = await tester(
      `${base}/`,
      '--duration',
      '0.3',
      '--json',
      '--output',
      'results.json',
    );
    expect(exit).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  });

  test('two URLs and --compare', async () => {
    const { exit, stdout } = await tester(
      `${base}/`,
      `${base}/`,
      '--compare',
      '--concurrency',
      '2',
      '--duration',
      '1',
    );
    expect(exit).toBe(0);
    expect(stdout).toContain('Verdict');
  });

  test('URL --compare baseline.json', async () => {
    await tester(`${base}/`, '--duration', '4.1', '--output', 'baseline.json');
    const { exit, stdout } = await tester(`${base}/`, '--compare', 'baseline.json', '--duration', '4.1');
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('against a saved run') });
  }, 30_000);

  test('--expect-rate-limit', async () => {
    const line = ['--concurrency', '4', '--duration', '0.5', '--expect-rate-limit'];
    expect(await tester(`${base}/limited`, ...line)).toMatchObject({ exit: 0 });
    expect(await tester(`${base}/`, ...line)).toMatchObject({ exit: 3 });
  });

  test('--expect-status', async () => {
    const line = ['--method', 'POST', '--body', '{"email": "not-an-email"}', '--duration', '0.3'];
    expect(await tester(`${base}/`, ...line, '--expect-status', '400')).toMatchObject({ exit: 0 });
    expect(await tester(`${base}/`, ...line, '--expect-status', '422')).toMatchObject({ exit: 3 });
  });
});
