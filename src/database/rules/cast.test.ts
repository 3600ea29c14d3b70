import { expect, test } from 'vitest';
import { castMayFail, castOf } from './cast.ts';

test.each([
  ['character varying(10)', 'character varying(20)', undefined],
  ['numeric(10,2)', 'numeric(12,2)', undefined],
  ['character varying(10)', 'text', 'c::text'],
  ['text', 'integer', 'c::integer'],
  ['integer', 'bigint', 'c::bigint'],
  ['integer', 'uuid', 'c::text::uuid'],
  ['boolean', 'integer', 'c::integer'],
  ['integer', 'integer[]', 'c::text::integer[]'],
  ['text[]', 'integer[]', 'c::integer[]'],
])('%s becomes %s by way of %s', (from, to, using) => {
  expect(castOf('c', from, to)).toBe(using);
});

test.each([
  ['character varying(10)', 'character varying(20)', false],
  ['character varying(20)', 'character varying(10)', true],
  ['text', 'character varying(10)', true],
  ['character varying', 'text', false],
  ['numeric(10,2)', 'numeric(12,2)', false],
  ['numeric(10,4)', 'numeric(12,2)', true],
  ['text', 'integer', true],
  ['jsonb', 'json', false],
  ['jsonb[]', 'json[]', false],
  ['json', 'jsonb', true],
])('whether %s may not fit %s: %s', (from, to, fails) => {
  expect(castMayFail(from, to)).toBe(fails);
});
