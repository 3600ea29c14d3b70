import { readFile } from 'node:fs/promises';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import type { JsonValue } from '../../model/json.ts';
import { type PlaceFile, unescapePointerToken } from '../../model/place.ts';

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
  const root = parseText(text, name);
  return { name, uri, text, root, locate: locator(text) };
}

/** UTF-8, or UTF-16 when a byte order mark says so. */
function decode(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
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

function parseText(text: string, name: string): JsonValue {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text);
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

function parseYaml(text: string, name: string): JsonValue {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UserError('SCF002', `${name} cannot be parsed: ${firstLine(problem.message)}`, {
      location: { file: name, line, column: col },
    });
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UserError('SCF004', `${name} repeats an anchor too often: ${firstLine(error.message)}`, {
      location: { file: name },
    });
  }
}

const firstLine = (message: string): string => message.split('\n')[0] ?? message;

/** The failure for a document whose nesting exhausts what we allow. */
export const tooDeep = (name: string): UserError =>
  new UserError('SCF004', `${name} is nested too deeply`, { location: { file: name } });

/** Finds lines for pointers. The text is parsed for positions at the first question only: most runs ask none. */
function locator(text: string): PlaceFile['locate'] {
  let positions: { readonly node: Node | null; readonly lines: LineCounter } | undefined;
  return (pointer) => {
    positions ??= parsePositions(text);
    const offset = nodeAt(positions.node, pointer)?.range?.[0];
    if (offset === undefined) return undefined;
    const { line, col } = positions.lines.linePos(offset);
    return { line, column: col };
  };
}

/** Above this, finding positions would take longer than the run itself; the pointer alone must do. */
const MAX_LOCATED_CHARACTERS = 4 * 1024 * 1024;

function parsePositions(text: string): { node: Node | null; lines: LineCounter } {
  const lines = new LineCounter();
  if (text.length > MAX_LOCATED_CHARACTERS) return { node: null, lines };
  return { node: parseDocument(text, { lineCounter: lines, merge: true }).contents as Node | null, lines };
}

function nodeAt(root: Node | null, pointer: string): Node | undefined {
  let node: unknown = root;
  for (const token of pointer.split('/').slice(1)) {
    if (!isMap(node) && !isSeq(node)) return undefined;
    node = node.get(isSeq(node) ? Number(token) : unescapePointerToken(token), true);
  }
  return node === null || node === undefined ? undefined : (node as Node);
}
