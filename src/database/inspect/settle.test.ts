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

test.each([
  ['@colCaseFirst=lower;colNumeric=yes', 'und-u-kf-lower-kn'],
  ['de_AT@collation=phonebook', 'de-AT-u-co-phonebk'],
  ['en@colStrength=secondary', 'en-u-ks-level2'],
  ['und-u-kn-true-kf-lower', 'und-u-kn-kf-lower'],
  ['en@something=else', 'en@something=else'],
])('the locale %s of ICU is kept as %s', (given, lasting) => {
  const collation = (locale: string): string =>
    `CREATE COLLATION public."a b" (provider = icu, deterministic = false, locale = '${locale}')`;
  expect(settled(collation(given))).toBe(collation(lasting));
  expect(settled(collation(given).replace('icu', 'libc'))).toBe(collation(given).replace('icu', 'libc'));
});

test.each([
  ['(((b >= 0) AND (b <= 10)) AND (a >= 0))', '((b >= 0) AND (b <= 10) AND (a >= 0))'],
  ['((((a > 1) OR (b > 2)) OR (c > 3)) OR (d > 4))', '((a > 1) OR (b > 2) OR (c > 3) OR (d > 4))'],
  ['CHECK ((NOT (((a) OR (b)) OR (c))))', 'CHECK ((NOT ((a) OR (b) OR (c))))'],
  [
    'SELECT x FROM (t JOIN u ON ((((a = b) AND (c = d)) AND e))) WHERE f',
    'SELECT x FROM (t JOIN u ON (((a = b) AND (c = d) AND e))) WHERE f',
  ],
])('%s is read back as %s', (printed, lasting) => {
  expect(settled(printed)).toBe(lasting);
  expect(settled(lasting)).toBe(lasting);
});

test.each([
  '((a > 1) AND ((b > 2) AND (c > 3)))',
  '(((a > 1) OR (b > 2)) AND (c > 3))',
  '(((a AND b))::text AND (c > 3))',
  '((NOT (a AND b)) AND (c > 3))',
  `((x = ') AND ((') AND (y = "(("))`,
  'sum(x) OVER (PARTITION BY ((a) AND (b)) ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)',
  'CREATE FUNCTION f()\n LANGUAGE plpgsql\nAS $function$BEGIN RETURN (((a) AND (b)) AND (c)); END$function$',
  ') AND ((a) AND',
])('%s stays as it is', (printed) => {
  expect(settled(printed)).toBe(printed);
});
