import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../src/database/engines/postgres.ts';
import { zoneDecides } from '../src/database/rules/zone.ts';
import { SNAPSHOT } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { runLine } from './support/run-line.ts';
import { folderWith } from './support/scratch-folder.ts';

const SCHEMA =
  'CREATE TABLE t (id integer, ts timestamp, "At" timestamp with time zone, d date, c time, s text)';

const FILES = {
  'old.sql': SCHEMA,
  'new.sql': SCHEMA.replace('ts timestamp', 'ts timestamptz'),
  'm.sql': 'ALTER TABLE t ALTER ts TYPE timestamptz',
};

const said = async (words: readonly string[], files: Readonly<Record<string, string>> = FILES) => {
  const { stdout } = await runLine(['db', 'diff', ...words, '--json'], {
    cwd: folderWith(files),
    env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) },
  });
  return JSON.parse(stdout);
};

/** The hazards of each statement of a file for `SCHEMA`, but for those that this is not about. */
async function hazardsOf(...statements: readonly string[]): Promise<readonly string[]> {
  const files = { 'old.sql': SCHEMA, 'm.sql': statements.map((sql) => `${sql};\n`).join('') };
  const linted: Document = await said(['old.sql', '--lint', 'm.sql'], files);
  const meant = ['data-loss', 'table-rewrite', 'depends-on-zone'];
  return linted.files.flatMap((file) =>
    file.statements.map(({ findings }) =>
      findings
        .filter(({ hazard }) => meant.includes(hazard))
        .map(({ hazard, about }) => `${hazard} ${about}`)
        .join(', '),
    ),
  );
}

interface Document {
  readonly files: readonly {
    readonly statements: readonly { readonly findings: readonly { hazard: string; about: string }[] }[];
  }[];
}

interface Statement {
  readonly hazards: readonly string[];
}

const STAMPS = 'timestamp without time zone to timestamp with time zone';

describe('a type that depends on a time zone', () => {
  test('without a zone, it is said to, and that a rewrite is spared by UTC alone', async () => {
    expect(await hazardsOf('ALTER TABLE t ALTER ts TYPE timestamptz')).toEqual([
      `depends-on-zone public.t.ts: ${STAMPS}, table-rewrite public.t unless TimeZone is UTC`,
    ]);
    expect(await hazardsOf('ALTER TABLE t ALTER d TYPE timestamptz, ALTER c TYPE timetz')).toEqual([
      'table-rewrite public.t, depends-on-zone public.t.d: date to timestamp with time zone, ' +
        'depends-on-zone public.t.c: time without time zone to time with time zone',
    ]);
  });

  test('what names its zone depends on none, and is what was measured', async () => {
    const berlin = (column: string, type: string): string =>
      `ALTER TABLE t ALTER ${column} TYPE ${type} USING ${column} AT TIME ZONE 'Europe/Berlin'`;
    expect(
      await hazardsOf(
        berlin('ts', 'timestamptz'),
        berlin('"At"', 'timestamp'),
        "SET TIME ZONE 'UTC'",
        'ALTER TABLE t ALTER ts TYPE timestamp',
        "SET TimeZone = 'Europe/Berlin'",
        'ALTER TABLE t ALTER ts TYPE timestamptz',
        'RESET TimeZone',
        'ALTER TABLE t ALTER d TYPE timestamp, ALTER id TYPE bigint',
      ),
    ).toEqual([
      'table-rewrite public.t',
      'table-rewrite public.t',
      '',
      '',
      '',
      'table-rewrite public.t',
      '',
      'table-rewrite public.t',
    ]);
  });

  test('a plan that is made from files keeps both hazards, either way', async () => {
    const { plan, rollback, proof } = await said(['old.sql', '--to', 'new.sql']);
    expect(proof.proved).toBe(true);
    const hazards = (segments: readonly { readonly statements: readonly Statement[] }[]) =>
      segments.flatMap(({ statements }) => statements.map((statement) => statement.hazards));
    const all = ['depends-on-zone', 'may-fail', 'table-rewrite', 'type-change'];
    expect([hazards(plan.segments), hazards(rollback.segments)]).toEqual([[all], [all]]);
  });
});

describe('on a server', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
    for (const [name, zone] of Object.entries({ berlin: 'Europe/Berlin', utc: 'UTC' })) {
      await server.create(name);
      const engine = await connect({ url: server.url(name), budgetMs: 60_000 });
      await engine.run(`ALTER DATABASE ${name} SET TimeZone = '${zone}'; ${SCHEMA}`);
      await engine.close();
    }
  }, 120_000);

  afterAll(() => server.stop());

  test('lints and plans are measured under its zone', async () => {
    const lintAt = async (name: string) =>
      (
        (await said(['--connection', server.url(name), '--lint', 'm.sql'])) as Document
      ).files[0]?.statements[0]?.findings.map(({ hazard }) => hazard);
    expect(await lintAt('berlin')).toContain('table-rewrite');
    expect(await lintAt('utc')).toEqual(['may-fail', 'type-change', 'no-lock-timeout']);
    const plannedAt = async (name: string) => {
      const { plan, proof } = await said(['--connection', server.url(name), '--to', 'new.sql']);
      return [proof.proved, plan.segments[0].statements[0].hazards];
    };
    expect(await plannedAt('berlin')).toEqual([true, ['may-fail', 'table-rewrite', 'type-change']]);
    expect(await plannedAt('utc')).toEqual([true, ['may-fail', 'type-change']]);
  });

  /** Values that say nothing of a zone, or are given with one. */
  const VALUES: Readonly<Record<string, string>> = {
    'timestamp without time zone': '2024-07-01 23:30:00',
    'timestamp with time zone': '2024-07-01 23:30:00+00',
    date: '2024-07-01',
    'time without time zone': '23:30:00',
    'time with time zone': '23:30:00+00',
    text: '2024-07-01 23:30:00',
  };

  test('what is said to depend on the zone is what does', async () => {
    const client = new Client({ connectionString: server.url('utc') });
    await client.connect();
    const types = Object.keys(VALUES);
    for (const from of types) {
      for (const to of types.filter((type) => type !== from)) {
        const inZones = async (zone: string): Promise<unknown> => {
          await client.query("SET TimeZone = 'UTC'");
          await client.query(`CREATE TEMP TABLE v AS SELECT '${VALUES[from]}'::${from} AS x`);
          try {
            await client.query(`SET TimeZone = '${zone}'`);
            await client.query(`ALTER TABLE v ALTER x TYPE ${to} USING x::${to}`);
            await client.query("SET TimeZone = 'UTC'");
            return (await client.query('SELECT x::text FROM v')).rows[0].x;
          } catch {
            return 'there is no such cast';
          } finally {
            await client.query('DROP TABLE v');
          }
        };
        const differs = (await inZones('Asia/Tokyo')) !== (await inZones('UTC'));
        expect([from, to, zoneDecides(from, to)]).toEqual([from, to, differs]);
      }
    }
    await client.end();
  });
});
