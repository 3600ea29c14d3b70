import { figure, type Rule } from '../reason.ts';

/** Smaller answers are not what takes the time. */
const LEAST_BYTES = 100_000;
/**
 * A server reads the rows from the database, builds objects, writes JSON, hashes it for the ETag and copies it to the
 * socket: at least as much as reading and writing the text once here, and by our measurement of the frameworks up to four times that.
 */
const TIMES_OF_JSON = 4;
/** For bodies that are no JSON: encoding, hashing and copying, in milliseconds a byte. */
const MS_PER_BYTE = 5e-6;
/** A row that the database hands over takes 1 to 10 microseconds, waiting for who reads it included. */
const MS_PER_ROW = 0.01;

/** An answer so large that making and moving it is what takes the time. */
export const largePayload: Rule = (rest, { decomposition }) => {
  const { operation } = rest;
  if (operation.bytes < LEAST_BYTES) return [];
  const heat =
    operation.cpuMs === undefined || operation.cpuMs === 0
      ? 1
      : Math.max(1, rest.processor / operation.cpuMs);
  const price = Math.max(TIMES_OF_JSON * operation.jsonMs, operation.bytes * MS_PER_BYTE);
  const processor = Math.min(rest.processor, heat * price);
  const database = new Map<string, number>();
  // What an index would save is claimed already. Handing over the rows takes the database as much longer under load as everything else.
  const rowsHanded = operation.statements.reduce((sum, use) => sum + use.rows, 0);
  let left = Math.max(1, decomposition.inflation) * Math.max(price, rowsHanded * MS_PER_ROW);
  for (const [id, ms] of rest.database) {
    const part = Math.min(ms, left);
    left -= part;
    if (part > 0) database.set(id, part);
    rest.database.set(id, ms - part);
  }
  const { transfer } = rest;
  rest.processor -= processor;
  rest.transfer = 0;
  const rows = operation.lists[0] ?? 0;
  const kilobytes = Math.round(operation.bytes / 1000);
  return [
    {
      code: 'large-payload',
      message: (part) =>
        `${operation.name} answers with ${kilobytes} kB${rows > 0 ? ` (${rows} rows)` : ''}: reading, writing and moving that is ${part.replace(/,$/, '')}`,
      evidence: {
        'kB an answer': kilobytes,
        ...(rows > 0
          ? { 'rows in the answer': rows, 'bytes a row': Math.round(operation.bytes / rows) }
          : {}),
        'ms to move it, alone': figure(operation.transferMs),
        ...(operation.jsonMs > 0 ? { 'ms to read and write such JSON once': figure(operation.jsonMs) } : {}),
        ...(operation.cpuMs === undefined ? {} : { 'ms of processor, alone': figure(operation.cpuMs) }),
      },
      mend: {
        text: 'Answer with less: pages with a limit, only the fields that are shown, large values behind a link of their own.',
      },
      takes: { database, processor, transfer },
      holdsConnection: false,
    },
  ];
};
