// What a client says to PostgreSQL, as far as it tells which statement runs.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

/** A message that names a statement, or runs one. */
export type FrontendMessage =
  | { readonly kind: 'parse'; readonly name: string; readonly sql: string }
  | { readonly kind: 'bind'; readonly portal: string; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string }
  | { readonly kind: 'query'; readonly sql: string };

const HEAD = 5;

/** The messages of a buffer that are about statements. What is cut off or unknown is left out. */
export function frontendMessages(bytes: Uint8Array): FrontendMessage[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: FrontendMessage[] = [];
  for (let at = 0; at + HEAD <= buffer.length; ) {
    const length = buffer.readInt32BE(at + 1);
    if (length < 4 || at + 1 + length > buffer.length) break;
    const read = READERS[String.fromCharCode(buffer[at] ?? 0)];
    if (read !== undefined) found.push(read(texts(buffer.subarray(at + HEAD, at + 1 + length))));
    at += 1 + length;
  }
  return found;
}

const READERS: Readonly<Record<string, (texts: readonly [string, string]) => FrontendMessage>> = {
  P: ([name, sql]) => ({ kind: 'parse', name, sql }),
  B: ([portal, name]) => ({ kind: 'bind', portal, name }),
  E: ([portal]) => ({ kind: 'execute', portal }),
  Q: ([sql]) => ({ kind: 'query', sql }),
};

/** The first two texts of a message, each ended by a zero. */
function texts(body: Buffer): [string, string] {
  const first = body.indexOf(0);
  if (first < 0) return ['', ''];
  const second = body.indexOf(0, first + 1);
  return [body.toString('utf8', 0, first), second < 0 ? '' : body.toString('utf8', first + 1, second)];
}

const COMMAND_COMPLETE = 'C'.charCodeAt(0);

/** Rows that a server's answer says were returned or changed: the last number of `SELECT 20`, `INSERT 0 2`. */
export function rowsOfAnswer(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let rows = 0;
  for (let at = 0; at + HEAD <= buffer.length; ) {
    const length = buffer.readInt32BE(at + 1);
    if (length < 4 || at + 1 + length > buffer.length) break;
    if (buffer[at] === COMMAND_COMPLETE) rows += rowsOfTag(buffer.toString('utf8', at + HEAD, at + length));
    at += 1 + length;
  }
  return rows;
}

/** `SELECT 20` has 20 rows, `BEGIN` none. */
export const rowsOfTag = (tag: string): number => Number(/ (\d+)$/.exec(tag)?.[1] ?? 0);
