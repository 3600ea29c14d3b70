// Services with a planted fault on a real PostgreSQL: the first reason that is named is the planted one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM } from '../src/cli/program.ts';
import { runProgram } from '../src/cli/run.ts';
import { type ExplainedRun, runExplained } from '../src/load/index.ts';
import { type Lab, openLab } from './load-explain/lab.ts';
import { SNAPSHOT } from './support/database.ts';
import { fakeHost } from './support/fake-host.ts';
import { readText } from './support/repository.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 120_000);
afterAll(() => lab.close());

async function explain(fault: string, framework?: string): Promise<ExplainedRun> {
  const service = await lab.start(fault, framework);
  try {
    const options = { url: service.url, connections: 16, duration: 1.2 };
    return await runExplained(
      options,
      { database: lab.database, snapshot: SNAPSHOT },
      new AbortController().signal,
    );
  } finally {
    await service.stop();
  }
}

describe('load --db', () => {
  test.each([
    ['pool', 'express', 'small-pool'],
    ['convoy', 'express', 'lock-wait'],
    ['upstream', 'koa', 'waits-elsewhere'],
    ['cpu', 'fastify', 'processor'],
    ['payload', 'express', 'large-payload'],
  ])(
    '%s on %s is named first',
    async (fault, framework, code) => {
      const { explanation } = await explain(fault, framework);
      expect(explanation.reasons[0]?.code).toBe(code);
      // On a machine that others keep busy, that is said.
      expect(explanation.notes.filter((note) => !note.includes('busy with other work'))).toEqual([]);
    },
    120_000,
  );

  test.each(['healthy', 'healthy-insert'])(
    '%s has no reason',
    async (fault) => {
      const { explanation, result } = await explain(fault);
      expect(explanation.reasons).toEqual([]);
      expect(result.requests.successful).toBeGreaterThan(100);
    },
    120_000,
  );

  test('an N+1 is named first, and what a statement costs is exactly what the handler runs', async () => {
    const { explanation } = await explain('n-plus-one', 'fastify');
    expect(explanation.reasons[0]?.code).toBe('n-plus-one');
    const { operations, statements } = explanation.evidence;
    const calls = new Map(operations[0]?.statements.map((use) => [use.id, use.calls]));
    const byVerb = statements.map(({ id, sql }) => [/FROM (\w+)/.exec(sql)?.[1], calls.get(id)]);
    expect(new Map(byVerb as [string, number][])).toEqual(
      new Map([
        ['orders', 1],
        ['customers', 50],
      ]),
    );
    expect(operations[0]?.pages).toMatchObject([{ rows: 2 }]);
  }, 120_000);
});

describe('several operations', () => {
  const few = { name: 'a few', method: 'GET', path: '/things?limit=2', headers: [], weight: 1 };
  const many = { name: 'many', method: 'GET', path: '/things?limit=50', headers: [], weight: 1 };
  const stepOf = ({ name, method, path, headers }: typeof few) => ({
    name,
    method,
    path,
    headers,
    captures: [],
  });

  test.each([
    ['by weight', { operations: [few, many] }],
    ['as steps', { steps: [stepOf(few), stepOf(many)] }],
  ])(
    '%s are told apart: the reason names the one that it is of',
    async (_how, sent) => {
      const service = await lab.start('n-plus-one');
      try {
        const options = { ...sent, url: new URL(service.url).origin, connections: 8, duration: 0.6 };
        const { explanation } = await runExplained(
          options,
          { database: lab.database, snapshot: SNAPSHOT },
          new AbortController().signal,
        );
        expect(explanation.reasons[0]).toMatchObject({ code: 'n-plus-one', operation: 'many' });
        const calls = explanation.evidence.operations.map(({ name, statements }) => [
          name,
          Math.round(statements.reduce((sum, use) => sum + use.calls, 0)),
        ]);
        expect(calls).toEqual([
          ['a few', 3],
          ['many', 51],
        ]);
        const weights = explanation.evidence.operations.reduce((sum, { weight }) => sum + weight, 0);
        expect(weights).toBeCloseTo(1, 6);
      } finally {
        await service.stop();
      }
    },
    120_000,
  );
});

describe('senior-backend load --db', () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-explain-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = async (line: readonly string[], stdin = '') => {
    const { host, written } = fakeHost(line, { cwd: folder, readStdin: async () => stdin });
    const exit = await runProgram(host, PROGRAM);
    return { exit, ...written };
  };

  test('reports reasons as text, JSON and HTML, and its command writes the migration', async () => {
    const service = await lab.start('missing-index-kysely', 'koa');
    try {
      const line = ['load', service.url, '-c', '16', '-d', '1s', '--db', lab.database];
      const { exit, stdout } = await run([...line, '--json', '--report', 'slow.html']);
      const document = JSON.parse(stdout);
      const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load.schema.json')));
      expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
      expect(exit).toBe(0);
      const [reason] = document.explanation.reasons;
      expect(reason.code).toBe('missing-index');
      expect(reason.mend.sql).toEqual([expect.stringMatching(/^CREATE INDEX \S+ ON public.orders/)]);
      expect(stdout).not.toContain('s3cret');

      const page = readFileSync(join(folder, 'slow.html'), 'utf8');
      expect(page).toContain('Where the time of a request goes');
      expect(page).not.toContain('s3cret');

      const [, statement = '', rest = ''] =
        /^echo '(.*)' \| PGPASSWORD=\S+ senior-backend (.*)$/s.exec(reason.mend.command) ?? [];
      const words = rest.split(' ').map((word) => (word.startsWith('postgres://') ? lab.database : word));
      const migration = await run([...words, '--json'], statement);
      expect(JSON.parse(migration.stdout).indexes[0].sql).toBe(reason.mend.sql[0]);
    } finally {
      await service.stop();
    }
  }, 120_000);

  test('a role that may not see other sessions is told so', async () => {
    const owner = new Client({ connectionString: lab.database });
    await owner.connect();
    await owner.query("CREATE ROLE stranger LOGIN PASSWORD 'x'");
    await owner.end();
    const service = await lab.start('healthy-one');
    try {
      const url = new URL(lab.database);
      url.username = 'stranger';
      url.password = 'x';
      const { exit, stdout } = await run(['load', service.url, '-d', '500ms', '--db', url.href]);
      expect(exit).toBe(0);
      expect(stdout).toMatch(/Not seen: .*pg_read_all_stats/);
    } finally {
      await service.stop();
    }
  }, 120_000);

  test.each([
    ['pglite:data', 'LOAD018'],
    ['postgres://nobody:hidden@127.0.0.1:1/none', 'DB001'],
  ])('%s is refused before anything is loaded', async (database, code) => {
    const service = await lab.start('healthy-static');
    try {
      const { exit, stderr } = await run(['load', service.url, '--db', database]);
      expect(exit).not.toBe(0);
      expect(stderr).toContain(code);
      expect(stderr).not.toContain('hidden');
    } finally {
      await service.stop();
    }
  });
});
