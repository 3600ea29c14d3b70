import { describe, expect, test } from 'vitest';
import { parseCurl } from './curl.ts';
import { splitShellWords } from './shell-words.ts';

describe('words of a command line', () => {
  test.each([
    ['a \'b c\' "d e"', ['a', 'b c', 'd e']],
    ['a\\ b "say \\"hi\\" \\n"', ['a b', 'say "hi" \\n']],
    ['one\'two\'"three"', ['onetwothree']],
    ['a \\\n  b', ['a', 'b']],
    ["$'a\\'b\\n\\u00e9\\x41\\101' ''", ["a'b\né" + 'AA', '']],
    ['#a b#', ['#a', 'b#']],
  ])('%j', (line, words) => {
    expect(splitShellWords(line)).toEqual({ words });
  });

  test.each(['a $HOME', 'a `id`', 'a "$(id)"', 'a | b', 'a; b', 'a && b', 'a > b', "a 'b", 'a "b', 'a \\'])(
    'refuses %j',
    (line) => {
      expect(splitShellWords(line)).toHaveProperty('refused');
    },
  );

  test('a dollar sign that is escaped is one', () => {
    expect(splitShellWords('"\\$5" \\$6')).toEqual({ words: ['$5', '$6'] });
  });
});

describe('a curl command', () => {
  test('as a browser copies it', () => {
    const command = `curl 'https://shop.example/api/orders?x=1' \\
      -X 'POST' \\
      -H 'accept: */*' -H 'content-type: application/json' \\
      -b 'id=1; theme=dark' \\
      --data-raw $'{"note":"it\\'s"}' --compressed --insecure`;
    expect(parseCurl(command)).toEqual({
      url: 'https://shop.example/api/orders?x=1',
      method: 'POST',
      headers: [
        ['accept', '*/*'],
        ['content-type', 'application/json'],
        ['Cookie', 'id=1; theme=dark'],
        ['Accept-Encoding', 'deflate, gzip, br'],
      ],
      body: `{"note":"it's"}`,
      verifyTls: false,
    });
  });

  test.each([
    ['curl -sSL localhost:3000/a', { url: 'http://localhost:3000/a', follow: 50 }],
    ['curl -XPUT http://h/ -d a=1 -d b=2', { method: 'PUT', body: 'a=1&b=2' }],
    ['curl -G http://h/?a=1 --data-urlencode "q=a b&c"', { url: 'http://h/?a=1&q=a%20b%26c' }],
    ['curl -I http://h/', { method: 'HEAD' }],
    ['curl http://h/ -u me:pw', { headers: [['Authorization', 'Basic bWU6cHc=']] }],
    ['curl http://h/ --json \'{"a":1}\'', { body: '{"a":1}' }],
    ['curl http://h/ -m 5 -o /dev/null --max-redirs 3 -L', { follow: 3 }],
    ['curl --unix-socket /tmp/s http://h/', { socketPath: '/tmp/s' }],
  ])('%s', (command, wanted) => {
    expect(parseCurl(command)).toMatchObject(wanted);
  });

  test.each([
    'wget http://h/',
    'curl',
    'curl http://a/ http://b/',
    'curl http://h/ -d @secret.json',
    'curl http://h/ --proxy http://p/',
    'curl http://h/ -F file=@x',
    'curl http://h/ -H',
    'curl "http://h/$(id)"',
    'curl http://h/; rm -rf /',
  ])('is refused: %s', (command) => {
    expect(() => parseCurl(command)).toThrowError(expect.objectContaining({ code: 'LOAD015' }));
  });
});
