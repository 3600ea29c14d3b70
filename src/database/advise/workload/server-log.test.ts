import { expect, test } from 'vitest';
import { isServerLog, readLog } from './server-log.ts';

const SQL = 'SELECT \'a, "b"\'\nFROM t WHERE x = $1';
const wanted = { sql: SQL, totalMs: 12.5, session: '42', parameters: ["'it''s'"] };

const STDERR = `2026-01-01 10:00:00.000 UTC [42] LOG:  duration: 12.5 ms  execute <unnamed>: SELECT 'a, "b"'
FROM t WHERE x = $1
2026-01-01 10:00:00.000 UTC [7] LOG:  connection received: host=[local]
2026-01-01 10:00:00.000 UTC [42] DETAIL:  parameters: $1 = 'it''s'`;

const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const CSV = `2026-01-01 10:00:00.000 UTC,"me","shop",42,"[local]",65a.2a,1,"SELECT",2026-01-01 09:59:00 UTC,3/2,0,LOG,00000,${csv(`duration: 12.5 ms  execute <unnamed>: ${SQL}`)},${csv("parameters: $1 = 'it''s'")},,,,,,,,"psql","client backend",,0
2026-01-01 10:00:01.000 UTC,,,7,,65a.7,1,,2026-01-01 09:59:00 UTC,,0,ERROR,42601,"syntax error",,,,,,,,,"","postmaster",,0
`;

const JSON_LINE = JSON.stringify({
  timestamp: '2026-01-01 10:00:00.000 UTC',
  pid: 42,
  error_severity: 'LOG',
  message: `duration: 12.5 ms  execute <unnamed>: ${SQL}`,
  detail: "Parameters: $1 = 'it''s'",
});

test.each([
  ['stderr', STDERR],
  ['csvlog', CSV],
  ['jsonlog', `${JSON_LINE}\n{"broken\n`],
])('%s tells statements, times and parameters', (_format, text) => {
  expect(isServerLog(text)).toBe(true);
  expect(readLog(text)).toMatchObject([wanted]);
});

test('of what auto_explain writes only the statement counts', () => {
  const text = `2026-01-01 10:00:00 UTC [42] LOG:  duration: 3.1 ms  plan:
\tQuery Text: SELECT *
\tFROM t WHERE x = $1
\tQuery Parameters: $1 = '5'
\tIndex Scan using t_x on t  (cost=0.29..8.31 rows=1 width=40)
\t  Index Cond: (x = 5)`;
  expect(readLog(text)).toMatchObject([
    { sql: 'SELECT *\n\tFROM t WHERE x = $1', parameters: ["'5'"], totalMs: 3.1 },
  ]);
});

test('SQL is no log', () => {
  expect(isServerLog("SELECT 1; -- LOG: nothing\nINSERT INTO log VALUES ('2026-01-01 10:00:00 UTC');")).toBe(
    false,
  );
});
