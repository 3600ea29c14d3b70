import { expect, test } from 'vitest';
import { settled } from './settle.ts';

test('the cast of an array of varchars becomes a cast of each', () => {
  const printed = `((state)::text = ANY ((ARRAY['new'::character varying, 'it''s, paid'::character varying])::text[]))`;
  const lasting = `((state)::text = ANY (ARRAY[('new'::character varying)::text, ('it''s, paid'::character varying)::text]))`;
  expect(settled(printed)).toBe(lasting);
  expect(settled(lasting)).toBe(lasting);
});
