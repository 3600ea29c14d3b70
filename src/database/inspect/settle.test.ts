import { expect, test } from 'vitest';
import { settled } from './settle.ts';

test('the cast of an array of varchars becomes a cast of each', () => {
  const printed = `((state)::text = ANY ((ARRAY['new'::character varying, 'it''s, paid'::character varying])::text[]))`;
  const lasting = `((state)::text = ANY (ARRAY[('new'::character varying)::text, ('it''s, paid'::character varying)::text]))`;
  expect(settled(printed)).toBe(lasting);
  expect(settled(lasting)).toBe(lasting);
});

test.each([
  ['EXTRACT(YEAR FROM at)', 'EXTRACT(year FROM at)'],
  [`EXTRACT("Hour" FROM at) || 'EXTRACT(DAY FROM x)'`, `EXTRACT(hour FROM at) || 'EXTRACT(DAY FROM x)'`],
  ['COALESCE(( SELECT true AS bool FROM t), false)', 'COALESCE(( SELECT true FROM t), false)'],
  ['( SELECT true AS bool) x WHERE x.bool', '( SELECT true AS bool) x WHERE x.bool'],
])('%s is kept as %s', (printed, lasting) => {
  expect(settled(printed)).toBe(lasting);
});
