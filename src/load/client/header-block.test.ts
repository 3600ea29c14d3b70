import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeaderBlock } from './header-block.ts';

/** RFC 7541, appendix B, for digits: code and length. */
const CODES = Array.from({ length: 10 }, (_, digit) => (digit < 3 ? [digit, 5] : [digit + 22, 6])) as [
  number,
  number,
][];

function huffman(digits: string): number[] {
  const bits = digits.split('').map((digit) => {
    const [code, length] = CODES[Number(digit)] ?? [0, 0];
    return code.toString(2).padStart(length, '0');
  });
  const text = bits.join('');
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '1');
  return (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

function read(...bytes: readonly number[]) {
  const block = new HeaderBlock();
  const whole = block.read(Uint8Array.from(bytes), 0, bytes.length);
  return { whole, status: block.status, length: block.contentLength };
}

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

describe('header blocks', () => {
  test.each([
    ['an indexed status', [0x88], 200, -1],
    ['another indexed status', [0x8d], 404, -1],
    ['a change of the table to nothing first', [0x20, 0x8e], 500, -1],
    ['a status spelled out behind its indexed name', [0x48, ...text('418')], 418, -1],
    ['a length without indexing', [0x88, 0x0f, 0x0d, ...text('1234')], 200, 1234],
    [
      'fields that do not matter',
      [0x88, 0x5f, ...text('text/html'), 0x00, ...text('x-a'), ...text('b')],
      200,
      -1,
    ],
    [
      'names in full',
      [0x00, ...text(':status'), ...text('207'), 0x10, ...text('content-length'), ...text('5')],
      207,
      5,
    ],
    [
      'names in the Huffman code',
      [
        ...[0x00, 0x85, 0xb8, 0x84, 0x8d, 0x36, 0xa3, ...text('207')],
        ...[0x00, 0x8a, 0x21, 0xea, 0x49, 0x6a, 0x4a, 0xd4, 0x16, 0xa9, 0x93, 0x3f, ...text('5')],
      ],
      207,
      5,
    ],
    ['no status, as in trailers', [0x00, ...text('x-trailer'), ...text('y')], 0, -1],
    [
      'a value longer than the prefix',
      [0x88, 0x00, ...text('x'), 127, 73, ...Buffer.alloc(200, 97)],
      200,
      -1,
    ],
  ])('%s', (_name, bytes, status, length) => {
    expect(read(...bytes)).toEqual({ whole: true, status, length });
  });

  test.each([
    ['an index into the table that we forbade', [0xbe]],
    ['the index 0', [0x80]],
    ['a table of another size', [0x3f, 0x01]],
    ['a value that is cut', [0x88, 0x00, 1, 120, 50, 97]],
    ['a status of four digits', [0x08, ...text('2000')]],
    ['a status of two digits', [0x08, ...text('99')]],
    ['a length that is no number', [0x88, 0x0f, 0x0d, ...text('12x')]],
  ])('%s is refused', (_name, bytes) => {
    expect(read(...bytes).whole).toBe(false);
  });

  test('numbers in the Huffman code', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999 }), (value) => {
        const code = huffman(String(value));
        expect(read(0x88, 0x0f, 0x0d, 0x80 | code.length, ...code)).toEqual({
          whole: true,
          status: 200,
          length: value,
        });
      }),
    );
  });
});
