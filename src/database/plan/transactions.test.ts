import { expect, test } from 'vitest';
import type { RuleStatement } from '../rules/rule.ts';
import { type Draft, segmentsOf } from './transactions.ts';

const draft = (sql: string, locks: number, rule: Partial<RuleStatement> = {}): Draft => ({
  statement: { sql, objects: [], hazards: [] },
  rule: { sql, ...rule },
  locks,
});

const written = (drafts: readonly Draft[]): string[] =>
  segmentsOf(drafts).map(({ statements }) => statements.map(({ sql }) => sql).join(' '));

test('statements share a transaction until it would hold more locks than a server has room for', () => {
  expect(written([draft('a', 1600), draft('b', 1600), draft('c', 1600), draft('d', 1)])).toEqual([
    'a b c',
    'd',
  ]);
});

test('a statement that needs more than all has a transaction of its own', () => {
  expect(written([draft('a', 1), draft('b', 100_000), draft('c', 1)])).toEqual(['a', 'b', 'c']);
});

test('what is committed on its own gives its locks back', () => {
  const drafts = [draft('a', 4000), draft('b', 4000, { outside: true }), draft('c', 4000, { later: true })];
  expect(written([...drafts, draft('d', 700)])).toEqual(['a', 'b', 'd', 'c']);
});
