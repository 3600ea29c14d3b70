import { beforeAll, expect, test } from 'vitest';
import { loadGrammar, parseStatement } from '../../advise/workload/parse-statement.ts';
import { readingForm } from './reading-form.ts';

beforeAll(() => loadGrammar());

const formOf = (sql: string): string | undefined => {
  const parsed = parseStatement(sql);
  if (parsed === undefined) throw new Error(`cannot be parsed: ${sql}`);
  return readingForm(parsed)?.sql.replaceAll(/\s+/g, ' ').trim();
};

test.each([
  ['SELECT 1', 'SELECT 1'],
  ['UPDATE a SET b = 1', 'SELECT * FROM a'],
  ['UPDATE ONLY a.b AS set SET set = 1 WHERE set.c = $1', 'SELECT * FROM ONLY a.b AS set WHERE set.c = $1'],
  [
    'UPDATE a SET b = b IS DISTINCT FROM 2, (c, d) = (SELECT 1, 2 FROM e WHERE f) FROM g, h JOIN i ON true WHERE a.j IS NOT DISTINCT FROM g.j RETURNING a.*',
    'SELECT * FROM a , g, h JOIN i ON true WHERE a.j IS NOT DISTINCT FROM g.j',
  ],
  ['UPDATE a SET b = 1 RETURNING b', 'SELECT * FROM a'],
  ['WITH x AS (SELECT 1 AS y) UPDATE a SET b = y FROM x', 'WITH x AS (SELECT 1 AS y) SELECT * FROM a , x'],
  [
    "/* FROM */ UPDATE \"ü FROM\" -- SET\nSET b = 'WHERE' WHERE c = 'é'",
    'SELECT * FROM "ü FROM" WHERE c = \'é\'',
  ],
  ['DELETE FROM a', 'SELECT * FROM a'],
  [
    'DELETE FROM ONLY (a) USING b, c WHERE a.d = b.d RETURNING 1',
    'SELECT * FROM ONLY (a) , b, c WHERE a.d = b.d',
  ],
  [
    'DELETE FROM a USING b JOIN c USING (d) WHERE a.e = ALL (ARRAY[1])',
    'SELECT * FROM a , b JOIN c USING (d) WHERE a.e = ALL (ARRAY[1])',
  ],
  ['INSERT INTO a SELECT * FROM b', 'SELECT * FROM b'],
  [
    'INSERT INTO a (b, c) SELECT d, e FROM f JOIN g ON f.x = g.x WHERE h RETURNING b',
    'SELECT d, e FROM f JOIN g ON f.x = g.x WHERE h',
  ],
  [
    'INSERT INTO a WITH w AS (SELECT 1) SELECT * FROM w ON CONFLICT DO NOTHING',
    'WITH w AS (SELECT 1) SELECT * FROM w',
  ],
  ['WITH w AS (SELECT 1) INSERT INTO a SELECT * FROM w', 'WITH w AS (SELECT 1) SELECT * FROM w'],
  [
    'INSERT INTO a SELECT * FROM b UNION ALL SELECT * FROM c ORDER BY 1',
    'SELECT * FROM b UNION ALL SELECT * FROM c ORDER BY 1',
  ],
  ['SELECT * FROM a WHERE b FOR UPDATE', 'SELECT * FROM a WHERE b'],
  [
    'SELECT * FROM (SELECT * FROM a FOR NO KEY UPDATE OF a SKIP LOCKED LIMIT 1) x FOR SHARE OF x NOWAIT FOR KEY SHARE',
    'SELECT * FROM (SELECT * FROM a LIMIT 1) x',
  ],
  ['SELECT * FROM a, b FOR UPDATE OF a, b', 'SELECT * FROM a, b'],
  [
    'SELECT substring(\'FOR UPDATE\' FROM 1 FOR 3) AS "FOR UPDATE"',
    'SELECT substring(\'FOR UPDATE\' FROM 1 FOR 3) AS "FOR UPDATE"',
  ],
  ['CREATE TABLE a AS SELECT * FROM b', 'CREATE TABLE a AS SELECT * FROM b'],
])('%s is read by %s', (sql, form) => {
  expect(formOf(sql)).toBe(form);
});

test.each([
  'INSERT INTO a VALUES (1)',
  'INSERT INTO a DEFAULT VALUES',
  'WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone',
  'WITH gone AS (DELETE FROM a RETURNING *) UPDATE b SET c = 1 FROM gone',
  'UPDATE a SET b = 1 WHERE CURRENT OF c',
  'MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN DELETE',
  'LOCK TABLE a',
  'TRUNCATE a',
])('%s has no form that only reads', (sql) => {
  expect(formOf(sql)).toBeUndefined();
});
