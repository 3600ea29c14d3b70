import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseParser } from './response-parser.ts';

interface Reading {
  /** Status of each answer that was read whole. */
  readonly answers: readonly string[];
  readonly end: 'whole' | 'open' | 'malformed' | 'wrong-length';
}

/** Reads all answers of a text that arrives in pieces cut at `cuts`. */
function read(text: string, cuts: readonly number[] = [], headRequest = false): Reading {
  const bytes = Buffer.from(text, 'latin1');
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (left, right) => left - right,
  );
  const parser = new ResponseParser(headRequest);
  const answers: string[] = [];
  let whole = true;
  for (let piece = 1; piece < edges.length; piece += 1) {
    const [from = 0, to = 0] = [edges[piece - 1], edges[piece]];
    for (let at = from; at < to; ) {
      const end = parser.feed(bytes, at, to);
      if (end < 0) return { answers, end: parser.error };
      whole = end <= to;
      if (whole) answers.push(`${parser.status}${parser.closes ? ' closes' : ''}`);
      at = end;
    }
  }
  return { answers, end: whole ? 'whole' : 'open' };
}

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const OK = 'HTTP/1.1 200 OK';

const WHOLE: readonly (readonly [name: string, text: string, answers: readonly string[]])[] = [
  ['a body of announced length', `${head(OK, 'Content-Length: 2')}ok`, ['200']],
  ['an empty body', head(OK, 'content-length:0'), ['200']],
  ['no reason phrase', head('HTTP/1.1 204 '), ['204']],
  ['no blank behind the status', head('HTTP/1.1 204'), ['204']],
  ['a bare line feed as line end', 'HTTP/1.1 200 OK\nContent-Length: 1\n\nx', ['200']],
  ['an empty line before the answer', `\r\n${head('HTTP/1.1 204 No')}`, ['204']],
  ['blanks around a length', `${head(OK, 'Content-Length: \t 2 ')}ok`, ['200']],
  ['the same length twice', `${head(OK, 'Content-Length: 2', 'Content-Length: 2')}ok`, ['200']],
  [
    'chunks',
    `${head(OK, 'Transfer-Encoding: chunked')}3\r\nabc\r\nA;x="y"\r\n0123456789\r\n0\r\n\r\n`,
    ['200'],
  ],
  ['a trailer', `${head(OK, 'transfer-encoding: gzip, Chunked')}1\r\na\r\n0\r\nX: y\r\n\r\n`, ['200']],
  [
    'chunks whatever the length says',
    `${head(OK, 'Content-Length: 9', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    ['200'],
  ],
  [
    'an interim answer',
    `${head('HTTP/1.1 103 Early Hints', 'Link: </a>')}${head('HTTP/1.1 204 No')}`,
    ['204'],
  ],
  ['a not modified answer with a length', head('HTTP/1.1 304 Not', 'Content-Length: 99'), ['304']],
  [
    'two answers in a row',
    `${head(OK, 'Content-Length: 1')}a${head('HTTP/1.1 503 No', 'Content-Length: 1')}b`,
    ['200', '503'],
  ],
  ['a connection that is to be closed', head('HTTP/1.1 204 No', 'Connection: x, Close'), ['204 closes']],
  ['HTTP/1.0 closes', head('HTTP/1.0 204 No'), ['204 closes']],
  ['HTTP/1.0 that stays open', head('HTTP/1.0 204 No', 'Connection: Keep-Alive'), ['204']],
  [
    'names that only begin like ours',
    head(OK, 'Content-Lengths: 5', 'Connect: close', 'Content-Length: 0'),
    ['200'],
  ],
];

const WRONG: readonly (readonly [name: string, text: string])[] = [
  ['another protocol', 'SSH-2.0-OpenSSH\r\n'],
  ['another version', head('HTTP/2.0 200 OK')],
  ['a status of two digits', head('HTTP/1.1 20 OK')],
  ['a status of four digits', head('HTTP/1.1 2000 OK')],
  ['a status below 100', head('HTTP/1.1 099 No')],
  ['a status of letters', head('HTTP/1.1 abc OK')],
  ['a switch of protocols that nobody asked for', head('HTTP/1.1 101 Switching')],
  ['a header without a colon', head(OK, 'Content-Length 2')],
  ['a blank before the colon', head(OK, 'Content-Length : 2')],
  ['a folded line', head(OK, 'X: y', ' z')],
  ['a length that is no number', head(OK, 'Content-Length: two')],
  ['a negative length', head(OK, 'Content-Length: -2')],
  ['a length in two parts', head(OK, 'Content-Length: 1 2')],
  ['two different lengths', head(OK, 'Content-Length: 1', 'Content-Length: 2')],
  ['a chunk size that is no number', `${head(OK, 'Transfer-Encoding: chunked')}zz\r\n`],
  ['a chunk without a size', `${head(OK, 'Transfer-Encoding: chunked')}\r\n`],
  ['a chunk that is longer than it said', `${head(OK, 'Transfer-Encoding: chunked')}1\r\nab\r\n`],
  ['a chunk size beyond all memory', `${head(OK, 'Transfer-Encoding: chunked')}fffffffffffff\r\n`],
];

const cutting = fc.array(fc.nat(), { maxLength: 12 });

describe('reading answers', () => {
  test.each(WHOLE)('%s', (_name, text, answers) => {
    expect(read(text)).toEqual({ answers, end: 'whole' });
  });

  test.each(WRONG)('%s is malformed', (_name, text) => {
    expect(read(text)).toEqual({ answers: [], end: 'malformed' });
  });

  test('it does not matter in what pieces the bytes arrive', () => {
    const texts = [...WHOLE, ...WRONG].map(([, text]) => text);
    fc.assert(
      fc.property(fc.constantFrom(...texts), cutting, (text, cuts) => {
        expect(read(text, cuts)).toEqual(read(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('an answer to HEAD has no body, whatever it announces', () => {
    expect(read(head(OK, 'Content-Length: 99'), [], true)).toEqual({ answers: ['200'], end: 'whole' });
  });

  test('a body without a length lasts until the connection ends', () => {
    const parser = new ResponseParser(false);
    const bytes = Buffer.from(`${head(OK, 'X: y')}body`);
    expect(parser.feed(bytes, 0, bytes.length)).toBe(bytes.length + 1);
    expect([parser.endsHere(), parser.isShort(), parser.closes]).toEqual([true, false, true]);
  });

  test('a connection that ends inside an announced body left it short', () => {
    const parser = new ResponseParser(false);
    const bytes = Buffer.from(`${head(OK, 'Content-Length: 10')}body`);
    expect(parser.feed(bytes, 0, bytes.length)).toBe(bytes.length + 1);
    expect([parser.endsHere(), parser.isShort()]).toEqual([false, true]);
  });

  test('a head without end is given up', () => {
    expect(read(`${OK}\r\nX: ${'y'.repeat(300_000)}`)).toEqual({ answers: [], end: 'malformed' });
  });
});
