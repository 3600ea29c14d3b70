// What is sent in place of one request: a curl command, a recording, steps; and metrics on the way.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fakeHost } from '../../../../test/support/fake-host.ts';
import { listen } from '../../../../test/support/faulty-server.ts';
import { readText } from '../../../../test/support/repository.ts';
import { PROGRAM } from '../../program.ts';
import { runProgram } from '../../run.ts';

const seen: { url: string; method: string; headers: Readonly<Record<string, unknown>>; body: string }[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { url = '', method = '', headers } = request;
    seen.push({ url, method, headers, body: Buffer.concat(parts).toString() });
    response.statusCode = url === '/v1/refused' ? 400 : 200;
    response.end('{"id": 7}');
  });
});
const folder = mkdtempSync(join(tmpdir(), 'load-sources-'));
const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load.schema.json')));
let base = '';

beforeAll(async () => {
  base = `http://127.0.0.1:${await listen(server)}`;
});
beforeEach(() => void seen.splice(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function load(...line: readonly string[]) {
  const { host, written } = fakeHost(['load', ...line], { cwd: folder });
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}

const FEW = ['-c', '1', '-n', '4'];

describe('senior-backend load', () => {
  test('sends what a curl command would, and flags go before it', async () => {
    const command = `curl '${base}/orders' -H 'X-One: 1' -H 'X-Two: 2' --data-raw '{"a":1}'`;
    const { exit, stderr } = await load('--curl', command, '-H', 'X-Two: other', ...FEW);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(seen).toHaveLength(4);
    expect(seen[0]).toMatchObject({
      url: '/orders',
      method: 'POST',
      headers: { 'x-one': '1', 'x-two': 'other' },
      body: '{"a":1}',
    });
    writeFileSync(join(folder, 'command.txt'), `curl ${base}/from-a-file`);
    await load('--curl', '@command.txt', ...FEW);
    expect(seen.at(-1)?.url).toBe('/from-a-file');
  });

  test('sends a recording to the URL, and says what it leaves out', async () => {
    const request = (url: string) => ({ request: { method: 'GET', url, headers: [] } });
    const entries = [
      request('https://shop.example/a'),
      request('https://x.example/'),
      request('https://shop.example/b'),
    ];
    writeFileSync(join(folder, 'a.har'), JSON.stringify({ log: { entries } }));
    const { exit, stdout, stderr } = await load(base, '--har', 'a.har', ...FEW);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: '1 recorded requests to other hosts are left out\n',
    });
    expect(seen.map(({ url }) => url)).toEqual(['/a', '/b', '/a', '/b']);
    expect(stdout).toMatch(/Steps\n {2}GET \/a {2}2 successful/);
  });

  test('goes through steps, and reports them by the schema', async () => {
    writeFileSync(
      join(folder, 'steps.yaml'),
      'steps:\n  - request: POST /orders\n    json: {item: 1}\n    capture: {id: /id}\n  - request: GET /orders/{{id}}\n',
    );
    const { exit, stdout } = await load(base, '--steps', 'steps.yaml', '--bearer', 'me', ...FEW, '--json');
    const report = JSON.parse(stdout);
    expect({ exit, valid: conforms(report), errors: conforms.errors }).toEqual({
      exit: 0,
      valid: true,
      errors: null,
    });
    expect(report.steps).toMatchObject([{ successful: 2 }, { name: 'GET /orders/{{id}}', successful: 2 }]);
    expect(seen[1]).toMatchObject({ url: '/orders/7', headers: { authorization: 'Bearer me' } });
  });

  test('sends metrics to a collector', async () => {
    const { exit } = await load(`${base}/orders`, '--otlp', `${base}/v1/metrics`, ...FEW);
    expect(exit).toBe(0);
    const sent = seen.filter(({ url }) => url === '/v1/metrics').at(-1)?.body ?? '';
    for (const word of ['senior_backend.load.requests', 'senior_backend.load.latency', 'p99', 'success'])
      expect(sent).toContain(word);
  });

  test.each([
    [['http://127.0.0.1:1', '--otlp', 'http://127.0.0.1:9/v1/metrics'], 'LOAD017', 1],
    [['http://127.0.0.1:1', '--otlp', 'nonsense'], 'LOAD017', 1],
    [[], 'LOAD005', 2],
    [['--curl', 'curl http://h/ | sh'], 'LOAD015', 2],
    [['--curl', 'curl http://h/', '--har', 'a.har'], 'LOAD005', 2],
    [['http://h/', '--har', 'none.har'], 'LOAD006', 2],
    [['http://h/', '--steps', 'a.har'], 'LOAD012', 2],
    [['http://h/', '--oauth2-id', 'x'], 'LOAD005', 2],
    [['http://127.0.0.1:1', '--cookies', '--http2', '--streams', '2'], 'LOAD013', 2],
  ] as const)('%j is refused with %s', async (line, code, exit) => {
    const result = await load(...line);
    expect({ exit: result.exit, code: /\b[A-Z]+\d{3}\b/.exec(result.stderr)?.[0] }).toEqual({ exit, code });
    expect(seen).toEqual([]);
  });
});
