// Header fields as Node's own HTTP/2 server writes them, and as the RFC says that they must not be written.
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { listen } from '../../../test/support/faulty-server.ts';
import { areSound, readFields } from './header-fields.ts';
import { clientPreface, encodeHttp2Request, FRAME_HEAD, HEADERS, numberFrames } from './http2-request.ts';
import { CODE_LENGTHS, decodeHuffman } from './huffman.ts';

type Fields = Readonly<Record<string, string | readonly string[]>>;

let fields: Fields = {};
const server = createServer();
server.on('stream', (stream: ServerHttp2Stream) => {
  const options = { sendDate: false, endStream: true };
  stream.respond({ ':status': 200, ...fields }, options);
});
const listening = listen(server);
afterAll(() => void server.close());

/** The header block of an answer with these fields, as the server sends it to a client without a header table. */
async function blockOf(wanted: Fields): Promise<Buffer> {
  fields = wanted;
  const port = await listening;
  const request = Buffer.from(
    encodeHttp2Request({ method: 'GET', headers: [] }, { authority: 'localhost', path: '/', tls: false }),
  );
  numberFrames(request, 0, request.length, 1);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([clientPreface(), request])));
    const parts: Buffer[] = [];
    let bytes = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let end = frameEnd(bytes); end <= bytes.length; end = frameEnd(bytes)) {
        const [type, flags] = [bytes[3] as number, bytes[4] as number];
        if (type === HEADERS || type === 9) parts.push(bytes.subarray(FRAME_HEAD, end));
        bytes = bytes.subarray(end);
        if (parts.length === 0 || (flags & 4) === 0) continue;
        resolve(Buffer.concat(parts));
        socket.destroy();
      }
    });
  });
}

const frameEnd = (bytes: Buffer): number =>
  bytes.length < FRAME_HEAD ? Number.POSITIVE_INFINITY : FRAME_HEAD + bytes.readUIntBE(0, 3);

/** Codes by symbol, as bits: of one length in the order of their symbols (RFC 7541, appendix B). */
const CODES = canonicalCodes();

function canonicalCodes(): string[] {
  const codes: string[] = [];
  let [code, last] = [0, 0];
  const order = CODE_LENGTHS.map((length, symbol) => ({ length, symbol })).sort(
    (left, right) => left.length - right.length || left.symbol - right.symbol,
  );
  for (const { length, symbol } of order) {
    code *= 2 ** (length - last);
    codes[symbol] = code.toString(2).padStart(length, '0');
    [code, last] = [code + 1, length];
  }
  return codes;
}

const packed = (bits: string): Buffer =>
  Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));

const bitsOf = (text: string): string => [...Buffer.from(text, 'latin1')].map((byte) => CODES[byte]).join('');

const coded = (text: string): Buffer => {
  const bits = bitsOf(text);
  return packed(bits.padEnd(Math.ceil(bits.length / 8) * 8, '1'));
};

const decode = (bytes: Uint8Array): string | undefined => decodeHuffman(bytes, 0, bytes.length);

describe('the Huffman code', () => {
  test('has the ends that the RFC prints, and no bit pattern without a meaning', () => {
    expect(CODES[48]).toBe('00000');
    expect(CODES[122]).toBe('1111011');
    expect(CODES[92]).toBe('1111111111111110000');
    expect(CODES[10]).toBe('111111111111111111111111111100');
    expect(CODES[256]).toBe('1'.repeat(30));
    expect(CODE_LENGTHS.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
    // An example of the RFC's (C.6.1).
    expect(decode(Buffer.from('9d29ad171863c78f0b97c8e9ae82ae43d3', 'hex'))).toBe('https://www.example.com');
  });

  test('every text comes back, and nothing of it once it is cut or lengthened', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const code = coded(text);
        expect(decode(code)).toBe(text);
        expect(decode(Buffer.concat([code, Buffer.from([0xff])]))).toBeUndefined();
        const cut = decode(code.subarray(0, -1));
        if (cut !== undefined) expect(text.startsWith(cut)).toBe(true);
      }),
    );
  });

  test.each([
    ['a whole byte of ones', packed('1'.repeat(8))],
    ['padding with a zero in it', packed(`${bitsOf('w')}0`)],
    ['padding of eight ones', packed(`${bitsOf('&')}${'1'.repeat(8)}`)],
    ['the end of the string spelled out', packed(`${CODES[256]}11`)],
    [
      'the end of the string within it',
      packed(`${bitsOf('a')}${CODES[256]}${bitsOf('aa')}1111111`.slice(0, 48)),
    ],
    ['a code that is cut', packed(bitsOf('\\\\').slice(0, 32))],
  ])('%s is an error', (_name, bytes) => {
    expect(decode(bytes)).toBeUndefined();
  });

  test('no padding, and up to seven ones, are none', () => {
    expect(decode(packed(bitsOf('&&')))).toBe('&&');
    expect(decode(packed(`${bitsOf('aaaaa')}1111111`))).toBe('aaaaa');
    expect(decode(Buffer.alloc(0))).toBe('');
  });
});

describe('fields of a real server', () => {
  test('with every byte that a value may hold, short and long', async () => {
    const bytes = Array.from({ length: 224 }, (_, at) => at + 32).filter((byte) => byte !== 127);
    const wanted: Record<string, string> = {};
    for (const byte of bytes) {
      // Among many short codes, so that the server has a reason to use the long one.
      wanted[`x-${byte}`] = `${'a'.repeat(40)}${String.fromCharCode(byte)}e`;
      wanted[`y-${byte}`] = `.${String.fromCharCode(byte)}.`;
    }
    const block = await blockOf(wanted);
    expect(Object.fromEntries(readFields(block, 0, block.length) ?? [])).toEqual({
      ':status': '200',
      ...wanted,
    });
    // More than half of them were coded: otherwise this would prove little.
    const spelled = Object.entries(wanted).flat().join('').length;
    expect(block.length).toBeLessThan(spelled * 0.85);
  });

  test('whatever their names and values', async () => {
    const name = fc.stringMatching(/^x-[a-z0-9_.!#$%&'*+^`|~-]{1,30}$/);
    const value = fc.stringMatching(/^[!-~](?:[ -~]{0,300}[!-~])?$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 60, noNullPrototype: true }), async (wanted) => {
        const block = await blockOf(wanted);
        const read = readFields(block, 0, block.length);
        expect(read).toEqual([[':status', '200'], ...Object.entries(wanted)]);
        expect(areSound(read ?? [])).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test('whose names are in the static table', async () => {
    const wanted = {
      'accept-charset': 'a',
      'accept-encoding': 'gzip, deflate',
      'accept-ranges': 'bytes',
      age: '5',
      allow: 'GET',
      'cache-control': 'no-store',
      'content-disposition': 'inline',
      'content-encoding': 'br',
      'content-location': '/x',
      'content-type': 'text/html',
      cookie: 'a=b',
      etag: '"x"',
      expires: '0',
      from: 'me',
      'if-match': '*',
      'last-modified': 'never',
      link: '<x>',
      location: '/orders/7',
      'max-forwards': '3',
      'proxy-authenticate': 'x',
      range: '0-1',
      refresh: '1',
      'retry-after': '7',
      server: 'node',
      'strict-transport-security': 'max-age=1',
      'user-agent': 'x',
      vary: '*',
      via: '1.1 x',
      'www-authenticate': 'Basic',
    };
    const block = await blockOf({ ...wanted, 'set-cookie': ['a=1', 'b=2'] });
    const read = readFields(block, 0, block.length) ?? [];
    expect(read.slice(1, -2)).toEqual(Object.entries(wanted));
    expect(read.slice(-2)).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    for (const status of [200, 204, 206, 304, 400, 404, 500]) {
      const own = await blockOf({ ':status': status } as unknown as Fields);
      expect(readFields(own, 0, own.length)).toEqual([[':status', String(status)]]);
    }
  });
});

describe('blocks', () => {
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

  test('are read from where they stand, and no further', () => {
    const bytes = Uint8Array.from([0xff, 0x20, 0x88, 0x10, ...text('x'), ...text('y'), 0xff]);
    expect(readFields(bytes, 1, bytes.length - 1)).toEqual([
      [':status', '200'],
      ['x', 'y'],
    ]);
  });

  test.each([
    ['the index 0', [0x80]],
    ['an index behind the table', [0xbe]],
    ['a name behind the table', [0x7e, ...text('x')]],
    ['a table of another size', [0x3f, 0x01]],
    ['a string that is cut', [0x00, ...text('x'), 5, 97]],
    ['a name that is cut', [0x00, 5, 97]],
    ['a name without a value', [0x00, ...text('x')]],
    ['an integer without end', [0xff, 0xff, 0xff]],
    ['an integer beyond all bounds', [0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 97]],
    ['a value that is no Huffman code', [0x00, ...text('x'), 0x81, 0xff]],
    ['a name that is no Huffman code', [0x00, 0x81, 0xff, ...text('x')]],
  ])('with %s are none', (_name, bytes) => {
    expect(readFields(Uint8Array.from(bytes), 0, bytes.length)).toBeUndefined();
  });

  test.each([
    ['a name in capitals', ['X-A', '']],
    ['a name of nothing', ['', '']],
    ['a name with a space', ['x a', '']],
    ['a pseudo-header of requests', [':path', '/']],
    ['a value that begins another line', ['x', 'a\r\nSet-Cookie: b']],
    ['a value with a NUL', ['x', 'a\0']],
  ] as const)('%s is not sound', (_name, field) => {
    expect(areSound([[':status', '200'], field])).toBe(false);
  });

  test('any bytes are read to an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readFields(bytes, 0, bytes.length);
        if (read !== undefined) expect(read.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
