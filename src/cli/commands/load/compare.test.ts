import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeHost } from '../../../../test/support/fake-host.ts';
import { listen } from '../../../../test/support/faulty-server.ts';
import { readText } from '../../../../test/support/repository.ts';
import { PROGRAM } from '../../program.ts';
import { runProgram } from '../../run.ts';

const server = createServer((request, response) => {
  const wait = request.url === '/slow' ? 20 : 4;
  setTimeout(
    () => {
      response.statusCode = request.url === '/broken' ? 503 : 200;
      response.end('ok');
    },
    request.url === '/broken' ? 0 : wait,
  );
});
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load-compare.schema.json')));
let base = '';

beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function load(...line: readonly string[]) {
  const { host, written } = fakeHost(['load', ...line], { cwd: folder });
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}

async function compare(first: string, second: string, ...flags: readonly string[]) {
  const target = (path: string): string => (path.startsWith('/') ? base + path : path);
  const { exit, stdout } = await load(
    target(first),
    target(second),
    '--compare',
    '--json',
    '-c',
    '4',
    ...flags,
  );
  const document = JSON.parse(stdout);
  expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
  return { exit, ...document };
}

describe('senior-backend load --compare', () => {
  test('finds the slower of two services, and fails for it when asked', async () => {
    const { exit, comparison } = await compare(
      '/',
      '/slow',
      '-d',
      '1s',
      '--fail-on-regression',
      '--report',
      'compare.html',
    );
    expect(exit).toBe(3);
    expect(comparison).toMatchObject({ verdict: 'worse', paired: true });
    const median = comparison.metrics.find(({ name }: { name: string }) => name === 'P50');
    expect(median.difference).toBeGreaterThan(0.2);
    expect(median.interval.low).toBeGreaterThan(0);
    const page = readFileSync(join(folder, 'compare.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/NaN|undefined|<script/);
  });

  test('a faster candidate is better and no regression', async () => {
    const { exit, comparison } = await compare('/slow', '/', '-d', '1s', '--fail-on-regression');
    expect({ exit, verdict: comparison.verdict }).toEqual({ exit: 0, verdict: 'better' });
  });

  test('a service that only fails is worse, however quick it does so', async () => {
    const { comparison } = await compare('/slow', '/broken', '-d', '1s');
    expect(comparison).toMatchObject({
      verdict: 'worse',
      candidate: { answered: 0, failedShare: 1 },
      metrics: [],
    });
  });

  test('--until stops when it is precise enough, or says that it was not', async () => {
    const soon = await compare('/', '/', '-d', '6s', '--until', '900%');
    expect(soon.precise).toBe(true);
    expect(soon.comparison.blocks).toBeLessThan(20);
    const never = await compare('/', '/', '-d', '1s', '--until', '0.0001%');
    expect(never.precise).toBe(false);
  });

  test('in the open model requests per second are not compared', async () => {
    const { comparison } = await compare('/', '/slow', '-d', '1s', '--rate', '100');
    expect(comparison.metrics.map(({ name }: { name: string }) => name)).not.toContain('Requests/s');
    expect(comparison.verdict).toBe('worse');
  });

  test('a saved report is a baseline, and what changed since is named', async () => {
    const file = join(folder, 'baseline.json');
    await load(`${base}/`, '-d', '4100ms', '-c', '4', '--output', 'baseline.json', '--quiet');
    const saved = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...saved, environment: { ...saved.environment, node: 'v0' } }));
    const { comparison, differences } = await compare('/slow', 'baseline.json', '-d', '4100ms');
    expect(comparison).toMatchObject({ verdict: 'worse', paired: false, blocks: 4 });
    expect(differences).toEqual([
      expect.stringContaining('url was'),
      expect.stringContaining('node was "v0"'),
    ]);
  }, 30_000);

  test('the report for people shows both, the interval and the verdict', async () => {
    const { stdout } = await load(`${base}/`, `${base}/slow`, '--compare', '-c', '4', '-d', '1s');
    for (const words of [
      'Baseline',
      'Candidate',
      'interval (95 % for all)',
      'P99',
      'Success',
      'Verdict: the candidate is worse',
    ]) {
      expect(stdout).toContain(words);
    }
  });

  test.each([
    [['http://localhost/', '--compare'], 2, 'LOAD005'],
    [['http://localhost/', 'http://localhost/'], 2, 'LOAD005'],
    [['http://localhost/', '--until', '2%'], 2, 'LOAD005'],
    [['http://localhost/', 'http://localhost/', '--compare', '--until', '2'], 2, 'LOAD005'],
    [['http://localhost/', 'http://localhost/', '--compare', '--warmup', '2'], 2, 'LOAD005'],
    [['http://localhost/', 'http://localhost/', '--compare', '--threshold', 'p99<5'], 2, 'LOAD005'],
    [['http://localhost/', 'missing.json', '--compare'], 2, 'LOAD006'],
  ])('%j ends with %i and %s', async (line, exit, code) => {
    expect(await load(...line)).toMatchObject({ exit, stderr: expect.stringContaining(`error[${code}]`) });
  });

  test.each(['', 'null', '{"kind":"load"}', 'no json'])('%j is no baseline', async (text) => {
    writeFileSync(join(folder, 'wrong.json'), text);
    const outcome = await load(`${base}/`, 'wrong.json', '--compare');
    expect(outcome).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[LOAD008]') });
  });

  test('an interrupted run that saw too little says so', async () => {
    const signal = AbortSignal.timeout(300);
    const { host, written } = fakeHost(['load', `${base}/`, `${base}/slow`, '--compare', '-d', '10s'], {
      signal,
    });
    expect(await runProgram(host, PROGRAM)).toBe(130);
    expect(written.stderr).toContain('Interrupted');
  });
});
