// `load --spec` as a person runs it, on a service that keeps count of what it is asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT, readText } from './support/repository.ts';
import { runLine } from './support/run-line.ts';
import { folderWith } from './support/scratch-folder.ts';
import { type Protocol, startWebServer } from './support/web-server.ts';

const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(readText('schemas/load.schema.json')));

const THING = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
};
const NEW_THING = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 } },
  additionalProperties: false,
};
const json = (schema: object, status = '200') => ({
  [status]: { description: '', content: { 'application/json': { schema } } },
});
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
const body = { required: true, content: { 'application/json': { schema: NEW_THING } } };
const CONTRACT = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  paths: {
    '/things': {
      get: { responses: json({ type: 'array', items: THING }) },
      post: { requestBody: body, responses: json(THING, '201') },
    },
    '/things/{id}': {
      parameters: [id],
      get: { operationId: 'readThing', responses: json(THING) },
      put: { requestBody: body, responses: json(THING) },
      delete: { responses: { '204': { description: '' } } },
    },
    '/admin': { get: { security: [{ key: [] }], responses: json({ type: 'object' }) } },
    '/settings': { put: { requestBody: body, responses: json(THING) } },
    '/wrong': { get: { responses: json({ type: 'array', items: { type: 'string' } }) } },
  },
};

interface Service {
  readonly url: string;
  readonly seen: string[];
  readonly things: Map<number, string>;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Reply = readonly [status: number, body?: unknown];

/** Has two things that are not the run's, and takes each name once. */
async function startService(protocol: Protocol = 'HTTP/1.1'): Promise<Service> {
  const things = new Map([
    [1, 'first'],
    [2, 'second'],
  ]);
  const seen: string[] = [];
  const names = new Set(things.values());
  let next = 3;
  const take = (name: string): Reply => {
    if (names.has(name)) return [409];
    names.add(name);
    things.set(next, name);
    next += 1;
    return [201, { id: next - 1, name }];
  };
  const replies: Readonly<Record<string, (own: number, name: string) => Reply>> = {
    'GET /things': () => [200, [...things].slice(0, 20).map(([own, name]) => ({ id: own, name }))],
    'POST /things': (_, name) => take(name),
    'GET /things/': (own) => (things.has(own) ? [200, { id: own, name: things.get(own) }] : [404]),
    'PUT /things/': (own, name) => (things.has(own) ? [200, { id: own, name }] : [404]),
    'DELETE /things/': (own) => (things.delete(own) ? [204] : [404]),
    'GET /wrong': () => [200, ['a', 5]],
    'PUT /settings': () => [200, { id: 1, name: 'x' }],
    'GET /admin': () => [200, {}],
  };
  const server = await startWebServer(protocol, ({ method, url, body: text }, reply) => {
    seen.push(`${method} ${url}`);
    const [status, answer] = replies[`${method} ${url.replace(/\d+$/, '')}`]?.(
      Number(/\d+$/.exec(url)?.[0]),
      text === '' ? '' : JSON.parse(text).name,
    ) ?? [404];
    reply.writeHead(status, answer === undefined ? {} : { 'content-type': 'application/json' });
    reply.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  closing.push(server.close);
  return { url: server.url, seen, things };
}

async function load(service: Service, ...flags: readonly string[]) {
  const cwd = folderWith({ 'openapi.json': JSON.stringify(CONTRACT) });
  const line = ['load', service.url, '--spec', 'openapi.json', '-c', '3', '--engine', 'net', '--json'];
  const { exit, stdout, stderr } = await runLine([...line, ...flags], { cwd });
  return { exit, said: stdout + stderr, report: stdout === '' ? undefined : JSON.parse(stdout) };
}

interface Own {
  readonly name: string;
  readonly successful: number;
  readonly failed: number;
}

const countsOf = (report: { readonly operations: readonly Own[] }): Record<string, number> =>
  Object.fromEntries(report.operations.map(({ name, successful, failed }) => [name, successful + failed]));

describe('load --spec', () => {
  test('sends every operation, with ids that exist, and touches nothing that was there', async () => {
    const service = await startService();
    const { exit, report } = await load(service, '-n', '400');
    expect({ exit, valid: isValid(report), errors: isValid.errors }).toMatchObject({ exit: 0, valid: true });
    expect(report.operations.filter(({ failed }: Own) => failed > 0)).toEqual([]);
    expect(Object.keys(countsOf(report)).sort()).toEqual([
      'DELETE /things/{id}',
      'GET /things',
      'GET /things/{id}',
      'GET /wrong',
      'POST /things',
      'PUT /things/{id}',
    ]);
    expect(report.contract.leftOut).toEqual([
      { operation: 'GET /admin', why: 'no credential was given for key' },
      {
        operation: 'PUT /settings',
        why: 'it would change what was there before; name it in --mix to have it sent',
      },
    ]);
    expect([service.things.get(1), service.things.get(2)]).toEqual(['first', 'second']);
    expect(service.seen.filter((what) => /^(PUT|DELETE) \/things\/[12]$/.test(what))).toEqual([]);
  });

  test('reports what breaks the contract, and fails for it when asked', async () => {
    const { exit, report } = await load(await startService(), '-n', '200', '--expect-contract');
    expect(exit).toBe(3);
    const of = report.contract.breaches[0].of;
    expect(of).toBeGreaterThan(0);
    expect(report.contract.breaches).toEqual([
      {
        operation: 'GET /wrong',
        kind: 'body',
        pointer: '/1',
        message: 'type "number" is invalid. Expected "string"',
        count: of,
        of,
      },
    ]);
    const { exit: kept } = await load(
      await startService(),
      '-n',
      '200',
      '--expect-contract',
      '--mix',
      'GET /wrong=0',
    );
    expect(kept).toBe(0);
  });

  test.each([
    ['HTTP/2', ['--http2', '--streams', '4']],
    ['HTTP/2 over TLS', ['--http2', '--no-verify-ssl']],
  ] as const)('over %s, ids, requests and answers are the same', async (protocol, flags) => {
    const service = await startService(protocol);
    const { exit, report } = await load(service, ...flags, '-n', '300', '--expect-contract');
    expect(exit).toBe(3);
    expect(report.operations.filter(({ failed }: Own) => failed > 0)).toEqual([]);
    expect(Object.keys(countsOf(report))).toContain('DELETE /things/{id}');
    expect(report.contract.checked).toBeGreaterThan(20);
    expect(report.contract.breaches).toMatchObject([
      { operation: 'GET /wrong', kind: 'body', pointer: '/1' },
    ]);
    expect([service.things.get(1), service.things.get(2)]).toEqual(['first', 'second']);
    const deleted = service.seen.filter((what) => what.startsWith('DELETE '));
    expect(countsOf(report)['DELETE /things/{id}']).toBe(deleted.length);
    expect(new Set(deleted).size).toBe(deleted.length);
  });

  test('--mix weighs, names and leaves out', async () => {
    const service = await startService();
    const mix = 'readThing=3,PUT /settings=1,*=0';
    const { report } = await load(service, '-n', '400', '--mix', mix);
    expect(countsOf(report)).toEqual({ 'GET /things/{id}': 300, 'PUT /settings': 100 });
    expect(service.things.size).toBe(2);
  });

  test('a threshold may name an operation', async () => {
    const flags = ['--threshold', 'GET /things p99<60s', '--threshold', 'GET /wrong errors<0%'];
    const { exit, report } = await load(
      await startService(),
      '-n',
      '200',
      ...flags,
      '--threshold',
      'GET /x p50<1s',
    );
    expect(exit).toBe(3);
    expect(report.checks.map(({ met, actual }: { met: boolean; actual: string }) => [met, actual])).toEqual([
      [true, expect.stringMatching(/ms$/)],
      [false, '0.000 %'],
      [false, 'nothing was measured'],
    ]);
  });

  test("a credential of the command line is the contract's", async () => {
    const { report } = await load(await startService(), '-n', '100', '-H', 'X-Key: 1');
    expect(countsOf(report)['GET /admin']).toBeGreaterThan(0);
  });

  test('the report for people and the page name operations, breaches and what was left out', async () => {
    const service = await startService();
    const cwd = folderWith({ 'openapi.json': JSON.stringify(CONTRACT) });
    const line = [
      'load',
      service.url,
      '--spec',
      'openapi.json',
      '-n',
      '200',
      '--engine',
      'net',
      '--report',
      'r.html',
    ];
    const { stdout } = await runLine(line, { cwd });
    const page = readFileSync(join(cwd, 'r.html'), 'utf8');
    for (const text of [stdout, page]) {
      expect(text).toContain('By operation');
      expect(text).toContain('GET /things/{id}');
      expect(text).toContain('no credential was given for key');
      expect(text).toContain('/1');
    }
  });

  test.each([
    [['--mix', 'GET /thing=1'], 'LOAD005', 'GET /things'],
    [['--mix', 'GET /things'], 'LOAD005', 'is no part of a mix'],
    [['--mix', '*=0'], 'LOAD021', 'no operation'],
    [['--mix', 'GET /admin=1,*=0'], 'LOAD021', 'no credential was given for key'],
    [['-m', 'POST'], 'LOAD020', 'method'],
    [['--steps', 'x.yaml'], 'LOAD005', '--steps'],
    [['--compare'], 'LOAD005', '--compare'],
  ])('%j is refused with %s', async (flags, code, words) => {
    const service = await startService();
    const { exit, said } = await load(service, ...flags);
    expect(exit).not.toBe(0);
    expect(said).toContain(code);
    expect(said).toContain(words);
    expect(service.seen.filter((what) => !what.startsWith('GET '))).toEqual([]);
  });

  test("the example's own contract is read", async () => {
    const service = await startService();
    const spec = join(ROOT, 'examples', 'orders', 'openapi.yaml');
    const { stderr } = await runLine(['load', service.url, '--spec', spec, '-n', '10']);
    // Nothing of it is there: lists are answered 404, which is what is then measured.
    expect(stderr).not.toContain('SCF');
  });
});
