import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAMEWORKS, type FrameworkName } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { ANSWERS } from './acceptance/answer-cases.ts';
import { BODIES } from './acceptance/body-cases.ts';
import type { Case } from './acceptance/case.ts';
import { ERRORS } from './acceptance/error-cases.ts';
import { exchange, type Received } from './acceptance/exchange.ts';
import { handlersWith } from './acceptance/handlers.ts';
import { PARAMETERS } from './acceptance/parameter-cases.ts';
import { ROUTING } from './acceptance/routing-cases.ts';
import {
  type AppOptions,
  type Booted,
  boot,
  compiledFile,
  compileServers,
  variantOf,
} from './acceptance/servers.ts';

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  routing: ROUTING,
  parameters: PARAMETERS,
  bodies: BODIES,
  answers: ANSWERS,
};

const servers = new Map<FrameworkName, Booted>();
const lenient = new Map<FrameworkName, Booted>();
/** Servers of the contract that has error schemas of its own. */
const speaking = new Map<FrameworkName, Booted>();

async function bootAll(
  into: Map<FrameworkName, Booted>,
  options: AppOptions,
  variant: (name: FrameworkName) => string = (name) => name,
): Promise<void> {
  for (const name of NAMES) {
    const { ApiError } = await import(pathToFileURL(compiledFile(variant(name), 'errors.js')).href);
    into.set(name, await boot(name, handlersWith(ApiError), options, variant(name)));
  }
}

beforeAll(async () => {
  await compileServers();
  await bootAll(servers, { bodyLimit: 2000, validateResponses: true });
  await bootAll(lenient, { validateResponses: false });
  await bootAll(speaking, { bodyLimit: 2000 }, (name) => variantOf(name, 'errors'));
});

afterAll(() => {
  for (const booted of [servers, lenient, speaking]) for (const server of booted.values()) server.close();
});

const serverOf = (name: FrameworkName, from = servers): Booted => {
  const server = from.get(name);
  if (server === undefined) throw new Error(`${name} did not boot`);
  return server;
};

/** What their handlers do wrong on purpose. */
const BROKEN = ['throws', 'refuses', 'wrong-body', 'wrong-status'].map((what) => `GET /answers/${what}`);
/** What changes something that the run did not make. */
const NOT_SENT = [
  'DELETE /pets/{petId}',
  'PATCH /methods/patch',
  'POST /jobs/{id}:cancel',
  'PUT /methods/patch',
];
const OPERATIONS = 55;
const CONTRACT = join(ROOT, 'test', 'scaffold', 'acceptance', 'contract.yaml');

const PROBLEM = 'application/problem+json; charset=utf-8';

const UUID = /^[0-9a-f-]{36}$/;

/** Everything of an answer that a row states, so that one comparison shows all that is wrong. */
function shown(received: Received, { answerHeaders = {}, json, text }: Case): object {
  const { status, headers } = received;
  const named = Object.fromEntries(Object.keys(answerHeaders).map((name) => [name, headers[name]]));
  if (status >= 400 && text === undefined) return { status, headers: named, body: JSON.parse(received.text) };
  return { status, headers: named, body: json === undefined ? received.text : JSON.parse(received.text) };
}

function wanted(row: Case, requestId: unknown): object {
  const { status, answerHeaders = {}, json, text, error } = row;
  if (error === undefined) return { status, headers: answerHeaders, body: json === undefined ? text : json };
  const details = (error.details ?? []).map(([field, message]) => ({ field, message }));
  const { code, message } = error;
  return { status, headers: answerHeaders, body: { error: { code, message, details }, meta: { requestId } } };
}

describe.each(NAMES)('%s', (name) => {
  for (const [group, rows] of Object.entries(CASES)) {
    describe(group, () => {
      test.each(rows.map((row) => [row.is, row] as const))('%s', async (_is, row) => {
        const received = await exchange(serverOf(name).port, row);
        const requestId = received.headers['x-request-id'];
        expect(shown(received, row)).toEqual(wanted(row, requestId));
        expect(requestId).toMatch(row.headers?.['x-request-id'] === undefined ? UUID : /^abc-1$/);
        expect(received.text).not.toContain('hunter2');
      });
    });
  }

  describe('errors in the words of the contract', () => {
    test.each(ERRORS.map((row) => [row.is, row] as const))('%s', async (_is, row) => {
      const { port, reported } = serverOf(name, speaking);
      const before = reported.length;
      const headers = { 'x-request-id': 'abc-1', ...row.headers };
      const received = await exchange(port, { ...row, headers });
      expect(shown(received, row)).toEqual(wanted(row, 'abc-1'));
      expect(received.text).not.toContain('hunter2');
      expect(reported.length - before).toBe(row.status === 500 ? 1 : 0);
    });
  });

  test('is loaded by its contract', async () => {
    const url = `http://127.0.0.1:${serverOf(name).port}`;
    const line = ['load', url, '--spec', CONTRACT, '-n', '1200', '-d', '20s', '-c', '4', '--engine', 'net'];
    const { exit, stdout } = await runLine([...line, '--json']);
    expect(exit).toBe(0);
    const { operations, contract, requests } = JSON.parse(stdout);
    const failing = operations.flatMap(({ failed, name: own }: { failed: number; name: string }) =>
      failed > 0 ? [own] : [],
    );
    expect(failing).toEqual(BROKEN);
    expect(contract.breaches.map(({ operation }: { operation: string }) => operation)).toEqual(BROKEN);
    expect(requests.total).toBe(1200);
    const left = contract.leftOut.map(({ operation }: { operation: string }) => operation);
    expect(left.sort()).toEqual(NOT_SENT);
    expect(operations).toHaveLength(OPERATIONS - NOT_SENT.length);
  });

  test('errors of handlers are reported with the id that the client was given, and others are not', async () => {
    const { port, reported } = serverOf(name);
    const before = reported.length;
    const answer = await exchange(port, { path: '/answers/throws' });
    await exchange(port, { path: '/answers/refuses' });
    await exchange(port, { path: '/pets/x' });
    expect(reported.slice(before)).toEqual([
      { error: new Error('the password is hunter2'), requestId: answer.headers['x-request-id'] },
    ]);
  });

  test('an answer against its contract is reported with what is wrong', async () => {
    const { port, reported } = serverOf(name);
    const before = reported.length;
    await exchange(port, { path: '/answers/wrong-body' });
    await exchange(port, { path: '/answers/wrong-status' });
    expect(reported.slice(before).map(({ error }) => String(error))).toEqual([
      expect.stringMatching(/^ContractViolation: wrongBody answered 200 against its contract: .*name: /),
      'ContractViolation: wrongStatus answered 418, which the contract does not name',
    ]);
  });

  test('with --errors problem+json, errors are problem details', async () => {
    const variant = variantOf(name, 'problem');
    const server = await boot(name, handlersWith(Error as never), {}, variant);
    const refused = await exchange(server.port, { path: '/pets/x' });
    const unknown = await exchange(server.port, { path: '/nothing' });
    server.close();
    const requestId = refused.headers['x-request-id'];
    expect([refused.headers['content-type'], unknown.headers['content-type']]).toEqual([PROBLEM, PROBLEM]);
    const errors = [{ field: 'petId', message: 'Invalid input: expected number, received string' }];
    expect(JSON.parse(refused.text)).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The request does not match the contract',
      code: 'VALIDATION_ERROR',
      errors,
      requestId,
    });
    expect(JSON.parse(unknown.text)).toMatchObject({ title: 'Not Found', status: 404, errors: [] });
  });

  test('answers are sent as they are where they are not to be validated', async () => {
    const { port, reported } = serverOf(name, lenient);
    const body = await exchange(port, { path: '/answers/wrong-body' });
    const status = await exchange(port, { path: '/answers/wrong-status' });
    expect([body.status, JSON.parse(body.text)]).toEqual([200, { name: '', secret: 'hunter2' }]);
    expect([status.status, JSON.parse(status.text)]).toEqual([418, { teapot: 'hunter2' }]);
    expect(reported).toEqual([]);
  });
});

test('every row is answered with the same headers by all frameworks', async () => {
  const differing: object[] = [];
  const rows = Object.values(CASES).flat();
  const asked = [
    ...rows.map((row) => ({ row, from: servers })),
    ...ERRORS.map((row) => ({ row, from: speaking })),
  ];
  for (const { row, from } of asked) {
    const answers = await Promise.all(NAMES.map((name) => exchange(serverOf(name, from).port, row)));
    const headers = answers.map((answer) => comparable(answer));
    if (headers.some((other) => JSON.stringify(other) !== JSON.stringify(headers[0]))) {
      differing.push({ is: row.is, headers });
    }
  }
  expect(differing).toEqual([]);
}, 30_000);

/** The headers that an application decides on, without what differs from one request to the next. */
function comparable({ headers }: Received): object {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return Object.fromEntries(Object.entries(rest).sort(([left], [right]) => (left < right ? -1 : 1)));
}
