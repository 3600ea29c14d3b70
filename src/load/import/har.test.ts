import { describe, expect, test } from 'vitest';
import { parseHar } from './har.ts';

const entry = (url: string, more: object = {}) => ({ request: { method: 'GET', url, headers: [], ...more } });
const har = (...entries: object[]) => JSON.stringify({ log: { version: '1.2', entries } });

describe('a recording', () => {
  const recording = har(
    entry('https://shop.example/?a={b}', {
      headers: [
        { name: ':authority', value: 'shop.example' },
        { name: 'Accept', value: 'text/html' },
        { name: 'Cookie', value: 'old=1' },
        { name: 'Content-Length', value: '9' },
        { name: 'X-Bad', value: 'a\r\nb' },
      ],
    }),
    entry('https://cdn.example/x.js'),
    entry('https://shop.example/api', {
      method: 'POST',
      postData: { mimeType: 'application/json', text: '{"a":"{{b}}"}' },
    }),
    entry('https://shop.example/form', {
      method: 'POST',
      postData: { params: [{ name: 'a', value: 'b c' }] },
    }),
    entry('wss://shop.example/live'),
    entry('data:text/plain,x'),
  );

  test('becomes the steps of its first origin, without what belongs to others', () => {
    const { origin, steps, leftOut } = parseHar(recording, 'a.har');
    expect(origin).toBe('https://shop.example');
    expect(leftOut).toBe(1);
    expect(steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /?a=%7Bb%7D',
      'POST /api',
      'POST /form',
    ]);
    expect(steps[0]?.headers).toEqual([['Accept', 'text/html']]);
    expect(Buffer.from(steps[1]?.body ?? '').toString()).toBe('{"a":"{{b}}"}');
    expect(Buffer.from(steps[2]?.body ?? '').toString()).toBe('a=b+c');
  });

  test('can be taken of another origin in it', () => {
    expect(parseHar(recording, 'a.har', 'https://cdn.example').steps.map(({ path }) => path)).toEqual([
      '/x.js',
    ]);
    expect(parseHar(recording, 'a.har', 'https://staging.example').origin).toBe('https://shop.example');
  });

  test.each(['', '{}', '[]', '{"log":{"entries":{}}}', har(), har({}), har(entry('data:,x'))])(
    'that is none is refused: %j',
    (text) => {
      expect(() => parseHar(text, 'a.har')).toThrowError(expect.objectContaining({ code: 'LOAD016' }));
    },
  );
});
