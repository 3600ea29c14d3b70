// The Huffman code of HTTP/2's header fields (RFC 7541, appendix B). It is canonical: how long the code of each symbol is
// says all of it, as codes of one length follow each other in the order of their symbols, behind the shorter ones.

/** Bits of the code of each byte, and of the end of a string. */
export const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;
const SHORTEST_CODE = 5;
const MOST_PADDING = 7;

/** Two entries for each node, where a 0 and a 1 lead: to another node, or to the symbol whose complement it is. */
const TREE = codeTree();

function codeTree(): Int16Array {
  const tree = new Int16Array(2 * (CODE_LENGTHS.length - 1));
  let nodes = 1;
  let places = [0, 1];
  for (let length = 1; places.length > 0; length += 1) {
    const symbols = CODE_LENGTHS.flatMap((own, symbol) => (own === length ? [symbol] : []));
    symbols.forEach((symbol, at) => {
      tree[places[at] as number] = ~symbol;
    });
    places = places.slice(symbols.length).flatMap((place) => {
      tree[place] = nodes;
      nodes += 1;
      return [2 * nodes - 2, 2 * nodes - 1];
    });
  }
  return tree;
}

/**
 * The text, one character for each byte, that `bytes` stand for from `start` to `end`. Undefined when they are no code of one:
 * it names the end of the string, or is not filled up with up to seven ones (RFC 7541, 5.2).
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / SHORTEST_CODE));
  let [length, node, pending, ones] = [0, 0, 0, true];
  for (let at = start; at < end; at += 1) {
    for (let shift = 7; shift >= 0; shift -= 1) {
      const bit = ((bytes[at] as number) >> shift) & 1;
      node = TREE[2 * node + bit] as number;
      pending += 1;
      ones &&= bit === 1;
      if (node >= 0) continue;
      if (~node === END_OF_STRING) return undefined;
      text[length] = ~node;
      length += 1;
      [node, pending, ones] = [0, 0, true];
    }
  }
  return ones && pending <= MOST_PADDING ? text.toString('latin1', 0, length) : undefined;
}
