// Rows of data that make each request another one: `{{column}}` in the URL, a header or the body.
import { UserError } from '../core/errors.ts';

/** One row: column name to value. */
export type Row = Readonly<Record<string, string>>;

/** Each request has bytes of its own in memory: this many rows are enough, and still little memory. */
const MOST_ROWS = 20_000;

/** Reads CSV with a head line (RFC 4180), or JSON lines when `name` ends so. Errors: LOAD011. */
export function parseRows(text: string, name: string): Row[] {
  const rows = /\.(jsonl|ndjson)$/i.test(name) ? parseJsonLines(text, name) : parseCsv(text);
  if (rows.length > 0 && rows.length <= MOST_ROWS) return rows;
  throw dataError(
    name,
    rows.length === 0 ? 'it has no rows' : `it has ${rows.length} rows, the most are ${MOST_ROWS}`,
  );
}

const dataError = (name: string, why: string): UserError =>
  new UserError('LOAD011', `${name} cannot be used: ${why}`, {
    kind: 'usage',
    help: 'Give CSV with a head line, or a file .jsonl with one object a line.',
  });

function parseJsonLines(text: string, name: string): Row[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const value = parseObject(line);
    if (value === undefined) throw dataError(name, `line ${at + 1} is not a JSON object`);
    return [Object.fromEntries(Object.entries(value).map(([key, field]) => [key, textOf(field)]))];
  });
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (field: unknown): string => (typeof field === 'string' ? field : JSON.stringify(field));

function parseCsv(text: string): Row[] {
  const [head = [], ...lines] = csvRecords(text);
  return lines.map((fields) =>
    Object.fromEntries(head.map((column, at) => [column.trim(), fields[at] ?? ''])),
  );
}

/** Fields in quotes may hold commas, line ends and doubled quotes. */
function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}

/** How a value is written where it stands. */
export type Escape = (value: string) => string;

// Half a character, which a server may send, has no encoding: it becomes the sign for that.
export const escapeInUrl: Escape = (value) => encodeURIComponent(Buffer.from(value).toString());
export const escapeInJson: Escape = (value) => JSON.stringify(value).slice(1, -1);
export const escapeNothing: Escape = (value) => value;

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The names that a template has places for. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(PLACE)].map(([, name = '']) => name);

/** Fills a body, which is escaped inside JSON. Errors: LOAD011. */
export function fillBody(body: string | Uint8Array, row: Row): Uint8Array {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const looksLikeJson = /^\s*[[{"]/.test(text) && !/^\s*\{\{/.test(text);
  return Buffer.from(fillTemplate(text, row, looksLikeJson ? escapeInJson : escapeNothing));
}

/** Fills `{{column}}` from a row. Errors: LOAD011 for a column that the row does not have. */
export function fillTemplate(template: string, row: Row, write: Escape): string {
  return template.replaceAll(PLACE, (_whole, column: string) => {
    if (!Object.hasOwn(row, column)) {
      throw dataError(
        'the data',
        `it has no column ${JSON.stringify(column)}, only ${Object.keys(row).join(', ')}`,
      );
    }
    return write(row[column] ?? '');
  });
}
