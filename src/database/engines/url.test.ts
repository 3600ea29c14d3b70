import { expect, test } from 'vitest';
import { withDatabase, withoutPassword } from './url.ts';

test.each([
  ['postgres://app:s3cret@host/shop', 'postgres://app:***@host/shop'],
  ['postgres://host/shop?user=app&password=s3cret', 'postgres://host/shop?user=app&password=***'],
  ['postgres://host/shop?sslpassword=s3cret', 'postgres://host/shop?sslpassword=***'],
  ['postgres://app@host/shop', 'postgres://app@host/shop'],
  ['postgres://app:s3cret@[broken', 'the given connection'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});

test('another database of the same server keeps everything else', () => {
  expect(withDatabase('postgres://app:s3cret@host:5433/shop?sslmode=require', 'x')).toBe(
    'postgres://app:s3cret@host:5433/x?sslmode=require',
  );
});
