import { Buffer, isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import type { JsonValue } from '../../model/json.ts';
import { type PlaceFile, unescapePointerToken } from '../../model/place.ts';
import { aliasProblem } from './aliases.ts';
import { repeatedKey } from './unique-keys.ts';

/** A parsed file. */
export interface SourceDocument extends PlaceFile {
  /** Absolute URI: `file:///...` or `https://...`. */
  readonly uri: string;
  readonly text: string;
  readonly root: JsonValue;
}

/** Larger documents are refused: the largest real one we know of, Microsoft Graph, has 37 MiB as YAML. */
const MAX_BYTES = 64 * 1024 * 1024;

/** An anchor may be used this often times its size: honest documents stay far below, alias bombs do not. */
const MAX_ALIASES = 10_000;

/** Reads a file's bytes. Errors: SCF001, SCF004. */
export async function readDocumentBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return checkedSize(await readFile(path), name);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new UserError('SCF001', `cannot read ${name}: ${READ_REASONS[code] ?? code}`, {
      kind: 'usage',
      help: 'Check the path of the document.',
      cause: error,
    });
  }
}

const READ_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is a file',
};

function checkedSize(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length <= MAX_BYTES) return bytes;
  const size = Math.ceil(bytes.length / 1024 / 1024);
  throw new UserError('SCF004', `${name} has ${size} MiB; documents of up to 64 MiB are read`);
}

/** Parses a document from its bytes. Errors: SCF002, SCF004. */
export function parseSource(bytes: Uint8Array, name: string, uri: string): SourceDocument {
  const text = decode(checkedSize(bytes, name), name);
  return { name, uri, text, ...parseText(text, name) };
}

/** UTF-8, or UTF-16 when a byte order mark says so. */
function decode(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  // The common case: several times as quick as a decoder.
  if (first !== 0xef && first !== 0xff && first !== 0xfe && isUtf8(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }
  const utf16 =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  try {
    return new TextDecoder(utf16 || 'utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError('SCF002', `${name} is not text in ${(utf16 || 'utf-8').toUpperCase()}`, {
      location: { file: name },
      cause: error,
    });
  }
}

interface ParsedText {
  readonly root: JsonValue;
  readonly locate: PlaceFile['locate'];
}

function parseText(text: string, name: string): ParsedText {
  if (/^\s*[{[]/.test(text)) {
    refuseExtremes(text, name);
    try {
      return { root: JSON.parse(text), locate: jsonLocator(text) };
    } catch {
      // Not JSON: flow-style YAML starts alike, and the YAML parser gives errors with their place.
    }
  }
  try {
    return parseYaml(text, name);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(name);
    throw error;
  }
}

/** Honest documents stay below 100 levels. */
const MAX_LEVELS = 1_000;

/** So many values fit into the memory we allow ourselves: in JSON, and in YAML, whose parser keeps much of each. */
const MAX_VALUES = { json: 5_000_000, yaml: 1_500_000 } as const;

/** Refuses text that looks like JSON and is too deep or too much, before anything is built of it. Errors: SCF004. */
function refuseExtremes(text: string, name: string): void {
  let [level, values] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COMMA) values += 1;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      level += 1;
      if (level > MAX_LEVELS) throw tooDeep(name);
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) level -= 1;
  }
  if (values > MAX_VALUES.json) throw tooMuch(name, MAX_VALUES.json);
}

const tooMuch = (name: string, most: number): UserError =>
  new UserError('SCF004', `${name} has more than ${most} values`, { location: { file: name } });

const [QUOTE, COMMA, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [
  0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Where the string that begins here ends: at the next quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** Lines and commas: at least as many as there are values. */
function marksIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === COMMA) count += 1;
  }
  return count;
}

const PLAIN = { prettyErrors: false, uniqueKeys: false } as const;

function parseYaml(text: string, name: string): ParsedText {
  if (marksIn(text) > MAX_VALUES.yaml) throw tooMuch(name, MAX_VALUES.yaml);
  const lines = new LineCounter();
  const document = parseDocument(text, { ...PLAIN, lineCounter: lines, merge: true });
  const [problem] = document.errors;
  const unparsed = (offset: number, why: string): UserError => {
    const { line, col } = lines.linePos(offset);
    return new UserError('SCF002', `${name} cannot be parsed: ${why}`, {
      location: { file: name, line, column: col },
    });
  };
  if (problem !== undefined) throw unparsed(problem.pos[0], firstLine(problem.message));
  const repeated = repeatedKey(document);
  if (repeated !== undefined) {
    throw unparsed(repeated.offset, `the key ${JSON.stringify(repeated.key)} is there twice`);
  }
  const tooOften = text.includes('*') ? aliasProblem(document) : undefined;
  if (tooOften !== undefined) throw repeats(name, tooOften);
  try {
    const root: JsonValue = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { root, locate: (pointer) => positionOf(document.contents, lines, pointer) };
  } catch (error) {
    if (error instanceof ReferenceError) throw repeats(name, firstLine(error.message));
    throw error;
  }
}

const repeats = (name: string, why: string): UserError =>
  new UserError('SCF004', `${name} repeats an anchor too often: ${why}`, { location: { file: name } });

const firstLine = (message: string): string => message.split('\n')[0] ?? message;

/** The failure for a document whose nesting exhausts what we allow. */
export const tooDeep = (name: string): UserError =>
  new UserError('SCF004', `${name} is nested too deeply`, { location: { file: name } });

/** Above this, finding a position in JSON would take longer than the run itself; the pointer alone must do. */
const MAX_LOCATED_CHARACTERS = 4 * 1024 * 1024;

/** JSON is read without positions; the text is parsed again, as YAML, when one is really needed. */
function jsonLocator(text: string): PlaceFile['locate'] {
  let parsed: { readonly node: unknown; readonly lines: LineCounter } | undefined;
  return (pointer, effort) => {
    if (effort === 'cheap' || text.length > MAX_LOCATED_CHARACTERS) return undefined;
    if (parsed === undefined) {
      const lines = new LineCounter();
      parsed = { node: parseDocument(text, { ...PLAIN, lineCounter: lines }).contents, lines };
    }
    return positionOf(parsed.node, parsed.lines, pointer);
  };
}

function positionOf(root: unknown, lines: LineCounter, pointer: string): ReturnType<PlaceFile['locate']> {
  let node = root;
  for (const token of pointer.split('/').slice(1)) {
    if (!isMap(node) && !isSeq(node)) return undefined;
    node = node.get(isSeq(node) ? Number(token) : unescapePointerToken(token), true);
  }
  if (!isNode(node) || node.range === undefined || node.range === null) return undefined;
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}
