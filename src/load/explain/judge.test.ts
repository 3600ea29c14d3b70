import { describe, expect, test } from 'vitest';
import type {
  Evidence,
  LoadEvidence,
  OperationEvidence,
  SessionEvidence,
  StatementEvidence,
} from './evidence.ts';
import { judge } from './judge.ts';

const SESSIONS: SessionEvidence = {
  samples: 100,
  most: 10,
  different: 10,
  age: 5000,
  active: 0.3,
  idleInTransaction: 0,
  lockWaiting: 0,
};

const SELECT: StatementEvidence = {
  id: '1',
  sql: 'SELECT * FROM orders WHERE customer_id = $1',
  sent: undefined,
  verb: 'select',
  scans: [],
  cost: 8,
  mend: undefined,
};

const use = (calls: number, ms: number, rows = 1, id = '1') => ({ id, calls, ms, rows });

interface Given {
  readonly operation?: Partial<OperationEvidence>;
  readonly load?: Partial<LoadEvidence>;
  readonly sessions?: Partial<SessionEvidence>;
  readonly statement?: Partial<StatementEvidence>;
  readonly more?: Partial<Evidence>;
}

/** A quick service whose one thread is busy at twenty connections, but for what is given. */
function evidence({ operation = {}, load = {}, sessions = {}, statement = {}, more = {} }: Given): Evidence {
  const own: OperationEvidence = {
    name: 'GET /orders',
    weight: 1,
    requests: 20,
    failed: 0,
    meanMs: 1.3,
    quietMs: 1.1,
    transferMs: 0.1,
    bytes: 900,
    jsonMs: 0.01,
    lists: [10],
    sent: [],
    cpuMs: 0.5,
    cpuWaitMs: 0,
    statements: [use(1, 0.1, 10)],
    pages: [],
    pageParameter: undefined,
    loadMs: 5,
    ...operation,
  };
  return {
    operations: [own],
    load: {
      concurrency: 20,
      requests: 12_000,
      failed: 0,
      perSecond: 4000,
      meanMs: own.loadMs ?? 5,
      statements: own.statements,
      cpuMs: own.cpuMs,
      busiest: 0.97,
      sessions: { ...SESSIONS, ...sessions },
      locks: [],
      peers: [],
      ...load,
    },
    statements: [{ ...SELECT, ...statement }],
    roundTripMs: 0.1,
    connectMs: 8,
    source: 'counted',
    embedded: false,
    connection: { shown: 'postgres://shop@db/shop', hasPassword: false },
    ...more,
  };
}

const codes = (given: Given): string[] => judge(evidence(given)).reasons.map(({ code }) => code);

const MEND = {
  before: 5000,
  after: 20,
  indexes: ['CREATE INDEX orders_customer_id_idx ON public.orders (customer_id)'],
};

/** Twenty requests at a time on a database whose two cores are busy with scans. */
const SCANNING: Given = {
  operation: { quietMs: 15, meanMs: 16, statements: [use(1, 12, 10)], loadMs: 180 },
  load: { perSecond: 110, busiest: 0.3, statements: [use(1, 80, 10)] },
  sessions: { active: 9 },
  statement: { scans: [{ table: 'public.orders', rows: 200_000 }], cost: 5000 },
};

const LOCKED: Given = {
  operation: { quietMs: 7, meanMs: 7, statements: [use(1, 0.5)], loadMs: 118 },
  load: {
    perSecond: 160,
    busiest: 0.2,
    statements: [use(1, 106)],
    locks: [
      {
        id: '1',
        sql: 'UPDATE counters SET n = n + 1',
        event: 'transactionid',
        waiting: 17,
        holder: { sql: 'UPDATE', state: 'idle in transaction' },
      },
    ],
  },
  sessions: { most: 20, different: 20, active: 18, idleInTransaction: 1, lockWaiting: 17 },
};

const POOLED: Given = {
  operation: { quietMs: 17, meanMs: 18, statements: [use(3, 0.3)], loadMs: 165 },
  load: { perSecond: 116, busiest: 0.15 },
  sessions: { most: 2, different: 2, active: 0.1, idleInTransaction: 1.8 },
};

const LOOPING: Given = {
  operation: { quietMs: 11, meanMs: 12, cpuMs: 6, statements: [use(50, 0.5, 50)], lists: [50], loadMs: 75 },
  load: { perSecond: 265, cpuMs: 3 },
};

const COMPUTING: Given = {
  operation: { quietMs: 31, meanMs: 32, cpuMs: 30, loadMs: 600 },
  load: { perSecond: 33 },
};

const WAITING: Given = {
  operation: { quietMs: 44, meanMs: 45, cpuMs: 2, loadMs: 50 },
  load: { perSecond: 400, busiest: 0.4, cpuMs: 1, peers: [{ address: '10.0.0.9:80', connections: 20 }] },
};

const LARGE: Given = {
  operation: {
    quietMs: 30,
    meanMs: 32,
    cpuMs: 22,
    bytes: 2_300_000,
    jsonMs: 8,
    transferMs: 3,
    lists: [300],
    loadMs: 560,
  },
  load: { perSecond: 35 },
};

describe('reasons', () => {
  test.each<[string, Given, string[]]>([
    ['a healthy service at its limit has none', {}, []],
    [
      'a healthy service with time to spare has none',
      { load: { busiest: 0.2, perSecond: 100 }, operation: { loadMs: 1.2 } },
      [],
    ],
    [
      'a scan that an index would end',
      { ...SCANNING, statement: { ...SCANNING.statement, mend: MEND } },
      ['missing-index'],
    ],
    ['a scan that no index would end', SCANNING, ['slow-statement']],
    [
      'an index that makes little difference is not named',
      { ...SCANNING, statement: { mend: { ...MEND, after: 3000 } } },
      ['slow-statement'],
    ],
    ['a quick statement is left alone even with an index for it', { statement: { mend: MEND } }, []],
    ['rows behind a lock', LOCKED, ['lock-wait']],
    [
      'one sample of a lock is chance',
      {
        ...LOCKED,
        sessions: { ...LOCKED.sessions, samples: 100, lockWaiting: 0.01 },
        load: { ...LOCKED.load, statements: [use(1, 0.5)] },
      },
      [],
    ],
    ['a pool of two, held in transactions', POOLED, ['small-pool']],
    [
      'a pool that nobody waits for is not why',
      { ...POOLED, operation: { ...POOLED.operation, loadMs: 18 }, load: { perSecond: 55, concurrency: 1 } },
      ['waits-elsewhere'],
    ],
    [
      'the one connection of a pool, on a machine that others keep busy',
      {
        operation: { quietMs: 6, meanMs: 9, cpuMs: 1.5, cpuWaitMs: 1, statements: [use(3, 3)], loadMs: 180 },
        load: { perSecond: 85, cpuMs: 1.4, busiest: 0.24 },
        sessions: { most: 1, different: 1, active: 0.12 },
      },
      ['small-pool'],
    ],
    [
      'connections that are held while the service computes are no pool too small',
      {
        operation: {
          quietMs: 1.5,
          meanMs: 5.5,
          cpuMs: 1.04,
          cpuWaitMs: 2.9,
          statements: [use(4, 0.03)],
          loadMs: 21,
        },
        load: { concurrency: 16, perSecond: 755, cpuMs: 0.38, busiest: 0.7 },
        sessions: { most: 8, different: 8, active: 0.3, idleInTransaction: 4.5 },
      },
      [],
    ],
    [
      'two connections, on a machine that others keep busy',
      {
        operation: {
          quietMs: 5.7,
          meanMs: 7,
          cpuMs: 1.1,
          cpuWaitMs: 0.6,
          statements: [use(2, 4.8)],
          loadMs: 86,
        },
        load: { concurrency: 16, perSecond: 176, cpuMs: 0.86, busiest: 0.3 },
        sessions: { most: 2, different: 2, active: 0.98 },
      },
      ['small-pool'],
    ],
    ['a statement for each row', LOOPING, ['n-plus-one']],
    [
      'a statement again and again, for no rows',
      { ...LOOPING, operation: { ...LOOPING.operation, lists: [] } },
      ['repeated-statement'],
    ],
    [
      'calls that do not follow the page size are no N+1',
      {
        ...LOOPING,
        operation: {
          ...LOOPING.operation,
          statements: [use(6, 0.1)],
          cpuMs: 1,
          quietMs: 2,
          pages: [{ rows: 2, ms: 1, cpuMs: 0.4, statements: [use(6, 0.1)] }],
        },
      },
      [],
    ],
    ['a handler that computes', COMPUTING, ['processor']],
    ['somebody else who is slow', WAITING, ['waits-elsewhere']],
    [
      'a statement for each row, on a machine that others keep busy',
      { ...LOOPING, load: { perSecond: 90, cpuMs: 3, busiest: 0.7 }, sessions: { active: 0.9 } },
      ['n-plus-one'],
    ],
    ['an answer of megabytes', LARGE, ['large-payload']],
    [
      'rows of megabytes that a database at its limit hands over',
      {
        operation: { ...LARGE.operation, quietMs: 50, statements: [use(1, 20, 20_000)], loadMs: 1200 },
        load: { perSecond: 13, busiest: 0.6, statements: [use(1, 150, 20_000)] },
        sessions: { active: 6 },
      },
      ['large-payload'],
    ],
    [
      'an answer of megabytes that the client is slow to read',
      { ...LARGE, load: { perSecond: 31, busiest: 0.5 } },
      ['large-payload'],
    ],
    [
      'an answer of kilobytes is none',
      { ...LARGE, operation: { ...LARGE.operation, bytes: 60_000 } },
      ['processor'],
    ],
    [
      'computing beside a large answer is not explained by it',
      { operation: { ...LARGE.operation, cpuMs: 400, quietMs: 410, loadMs: 8000 }, load: { perSecond: 2.5 } },
      ['processor'],
    ],
    [
      'one at a time, with nothing busy',
      {
        operation: { quietMs: 12, meanMs: 12, loadMs: 215 },
        load: { perSecond: 90, busiest: 0.1, cpuMs: 0.5 },
        sessions: { most: 1, different: 1, active: 0.05 },
      },
      ['one-at-a-time'],
    ],
    [
      'a connection for each request',
      {
        operation: { quietMs: 11, meanMs: 13, cpuMs: 2, loadMs: 130 },
        load: { perSecond: 150, busiest: 0.7, cpuMs: 2 },
        sessions: { most: 13, different: 350, age: 60 },
      },
      ['connection-per-request'],
    ],
  ])('%s', (_what, given, wanted) => {
    expect(codes(given)).toEqual(wanted);
  });

  test('the parts of the time add up to what was measured', () => {
    for (const given of [{}, SCANNING, LOCKED, POOLED, LOOPING, COMPUTING, WAITING, LARGE]) {
      const [parts] = judge(evidence(given)).decomposition.parts;
      if (parts === undefined) throw new Error('there is one operation');
      const { database, lock, processor, transfer, trips, elsewhere, queue, loadMs } = parts;
      expect(database + lock + processor + transfer + trips + elsewhere + queue).toBeCloseTo(loadMs, 6);
    }
  });

  test('shares never add up to more than everything, and the greatest comes first', () => {
    for (const given of [SCANNING, LOCKED, POOLED, LOOPING, COMPUTING, WAITING, LARGE]) {
      const shares = judge(evidence(given)).reasons.map(({ share }) => share);
      expect(shares).toEqual([...shares].sort((one, other) => other - one));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1.000001);
    }
  });

  test('a queue belongs to the operation that fills it, not to those that stand in it', () => {
    const slow = evidence(COMPUTING).operations[0] as OperationEvidence;
    const quick = evidence({ operation: { name: 'GET /quick', loadMs: 590 } })
      .operations[0] as OperationEvidence;
    const whole = evidence(COMPUTING);
    const { reasons } = judge({
      ...whole,
      operations: [
        { ...slow, weight: 0.5 },
        { ...quick, weight: 0.5 },
      ],
      load: { ...whole.load, cpuMs: 15.25 },
    });
    expect(reasons.map(({ code, operation }) => [code, operation])).toEqual([['processor', 'GET /orders']]);
    expect(reasons[0]?.share).toBeGreaterThan(0.9);
  });

  test('growth is shown by the page size', () => {
    const [reason] = judge(
      evidence({
        ...LOOPING,
        operation: {
          ...LOOPING.operation,
          pages: [{ rows: 2, ms: 1, cpuMs: 0.4, statements: [use(2, 0.02)] }],
          pageParameter: 'limit',
        },
      }),
    ).reasons;
    expect(reason).toMatchObject({
      code: 'n-plus-one',
      evidence: { 'calls a request': 50, 'calls with 2 rows (limit)': 2, 'calls for each further row': 1 },
    });
  });

  test('the command of a missing index quotes the statement for the shell, and shows no password', () => {
    const sql = "SELECT id FROM orders WHERE note = 'it''s' AND customer_id = $1";
    const [reason] = judge(
      evidence({
        ...SCANNING,
        statement: { ...SCANNING.statement, sql, mend: MEND },
        more: { connection: { shown: 'postgres://shop@db/shop', hasPassword: true } },
      }),
    ).reasons;
    expect(reason?.mend.command).toBe(
      String.raw`echo 'SELECT id FROM orders WHERE note = '\''it'\'''\''s'\'' AND customer_id = $1' | PGPASSWORD=... senior-backend db suggest-indexes --connection postgres://shop@db/shop --queries - -o migrations/`,
    );
  });

  test('without sight of the processor, nothing is said of it', () => {
    const given = {
      operation: { ...COMPUTING.operation, cpuMs: undefined, cpuWaitMs: undefined },
      load: { perSecond: 33, cpuMs: undefined, busiest: undefined },
    };
    const { reasons } = judge(evidence(given));
    expect(reasons.map(({ code }) => code)).toEqual(['one-at-a-time']);
    expect(reasons[0]?.message).toContain('cannot be seen');
  });

  test('when nothing was answered under load, what was seen alone is judged', () => {
    const given = {
      ...SCANNING,
      operation: { ...SCANNING.operation, loadMs: undefined },
      statement: { mend: MEND },
      load: { ...SCANNING.load, requests: 0, perSecond: 0, meanMs: 0 },
    };
    expect(codes(given)).toEqual(['missing-index']);
  });
});
