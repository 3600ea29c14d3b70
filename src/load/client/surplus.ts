// Bytes that come where an answer should begin. They are either the rest of an answer that was longer than
// it said, and the one that was asked for follows; or the server's idea of an answer, and nothing follows.

const ANSWER = Buffer.from('HTTP/1.');
const CR = 13;
const LF = 10;

/** Whether the byte at `at` can be the first of an answer; an empty line may precede it (RFC 9112, 2.2). */
export function startsAnswer(chunk: Uint8Array, at: number, length: number): boolean {
  const first = chunk[at];
  return at >= length || first === ANSWER[0] || first === CR || first === LF;
}

/** Where an answer begins, from `at` on; -1: nowhere. */
export function findAnswer(chunk: Uint8Array, at: number, length: number): number {
  return Buffer.from(chunk.buffer, chunk.byteOffset, length).indexOf(ANSWER, at);
}
