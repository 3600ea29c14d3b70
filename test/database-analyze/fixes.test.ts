import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeSchema } from '../../src/database/analyze/analyze-schema.ts';
import type { Finding } from '../../src/database/analyze/finding.ts';
import { SCHEMA_RULES } from '../../src/database/analyze/schema-rules.ts';
import type { Engine } from '../../src/database/engines/engine.ts';
import { openPGliteScratch } from '../../src/database/engines/pglite.ts';
import { Tracer } from '../../src/database/trace.ts';
import { SNAPSHOT } from '../support/database.ts';
import { judged } from '../support/judged.ts';
import { readText } from '../support/repository.ts';

let engine: Engine;
let findings: readonly Finding[];
let done: () => void;
let scratch: Awaited<ReturnType<typeof openPGliteScratch>>;

beforeAll(async () => {
  scratch = await openPGliteScratch({ snapshot: SNAPSHOT, extensions: [], budgetMs: 60_000 });
  const opened = new Promise<Engine>((resolve) => {
    void scratch.reading(
      (own) => {
        resolve(own);
        return new Promise<void>((end) => {
          done = end;
        });
      },
      { autocommit: true },
    );
  });
  engine = await opened;
  await engine.run(readText('test/database-analyze/traps.sql'));
  // What a failed CREATE INDEX CONCURRENTLY leaves, without waiting for one to fail.
  await engine.run(
    `CREATE INDEX broken ON users (name); SET allow_system_table_mods = on; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass; RESET allow_system_table_mods`,
  );
  ({ findings } = await analyzeSchema(engine));
});

afterAll(async () => {
  done();
  await scratch.close();
});

const codeAndName = ({ code, object }: Finding): string => `${code} ${object.name}`;

describe('findings of a schema', () => {
  test('there is a case for every one of them', () => {
    const found = new Set(findings.map(({ code }) => code));
    expect(SCHEMA_RULES.map(({ code }) => code).filter((code) => !found.has(code))).toEqual([]);
  });

  test('what only looks wrong is left alone', () => {
    const wrong = findings.filter(({ object }) => /\bok_/.test(object.name));
    // The unique rule over (c, a) with NULLS NOT DISTINCT, the partial keys and the rest are all fine.
    expect(wrong.map(codeAndName)).toEqual([]);
  });

  test('names the index that goes, and never one that something relies on', () => {
    const dropped = findings.filter(({ code }) => ['duplicate-index', 'redundant-index'].includes(code));
    expect(dropped.map(codeAndName).sort()).toEqual([
      'duplicate-index public.dup_2',
      'redundant-index public.dup_1',
      'redundant-index public.dup_2',
      'redundant-index public.redundant_a',
    ]);
  });

  test('foreign keys with partial indexes are decided by the planner', () => {
    const keys = findings
      .filter(({ code }) => code === 'unindexed-foreign-key')
      .map(({ object }) => object.name);
    expect(keys.sort()).toEqual(['public.orders (partial_bad)', 'public.orders (user_id)']);
  });
});

/** CONCURRENTLY cannot be inside the transaction that puts everything back; without it the statement is the same. */
const inTransaction = (sql: string): string => sql.replaceAll(' CONCURRENTLY', '');

describe('mends', () => {
  test('each one runs, and the finding is gone', { timeout: 120_000 }, async () => {
    const failed: string[] = [];
    for (const finding of findings) {
      await engine.run('BEGIN');
      try {
        for (const { sql } of finding.fix.steps) await engine.run(inTransaction(sql));
        if ((await judged(engine)).has(codeAndName(finding)))
          failed.push(`still there: ${codeAndName(finding)}`);
      } catch (error) {
        failed.push(`${codeAndName(finding)}: ${String(error)}`);
      }
      await engine.run('ROLLBACK');
    }
    expect(failed).toEqual([]);
    expect(findings.every(({ fix }) => fix.steps.length > 0)).toBe(true);
  });

  test('each takes the lock that it says', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    await engine.run('SET search_path = public');
    for (const finding of findings) {
      for (const [at, { sql, locks }] of finding.fix.steps.entries()) {
        // A table that is renamed is seen under its new name.
        if (/CONCURRENTLY| RENAME TO /.test(sql) || locks === undefined || locks.endsWith('what it names'))
          continue;
        const tracer = new Tracer(engine);
        await engine.run('BEGIN');
        for (const step of finding.fix.steps.slice(0, at)) await engine.run(inTransaction(step.sql));
        await engine.run('SAVEPOINT before');
        await tracer.begin();
        await tracer.startTransaction();
        const { effects } = await tracer.run(sql);
        await engine.run('ROLLBACK');
        const [lock = '', table = ''] = locks.split(' on ');
        const seen = effects.locks.find((one) => one.table === table)?.lock;
        // An earlier step of the same transaction may hold it already.
        if (seen !== lock && at === 0)
          wrong.push(`${codeAndName(finding)}: says ${locks}, took ${seen}: ${sql}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
