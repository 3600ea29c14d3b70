/** What psql understands and PostgreSQL does not, cut out of a text. */
export interface PsqlText {
  /** The text with all of it replaced by blanks: places in it are places in the file. */
  readonly sql: string;
  /** Meta-commands such as `\connect other`, with their lines, counted from 1. */
  readonly commands: readonly { readonly text: string; readonly line: number }[];
  /** The rows behind each `COPY ... FROM stdin;`, in their order, without the closing `\.`. */
  readonly copies: readonly string[];
}

/**
 * Separates what psql understands and PostgreSQL does not: meta-commands (`\restrict`, `\connect`) and
 * the rows behind `COPY ... FROM stdin;`. Every character is replaced by a blank and line ends stay, so
 * that places in the result are places in the file. This is psql's lexical layer, not SQL's: it only
 * has to know where strings, quoted names and comments end.
 */
export function readPsql(text: string): PsqlText {
  if (!text.includes('\\')) return { sql: text, commands: [], copies: [] };
  const out: string[] = [];
  const commands: { text: string; line: number }[] = [];
  const copies: string[] = [];
  let from = 0;
  let statement = 0;
  const blank = (start: number, end: number): string => {
    const cut = text.slice(start, end);
    out.push(text.slice(from, start), cut.replace(/[^\n]/g, ' '));
    from = end;
    return cut;
  };
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    if (text[at] === '\\') {
      const line = lineEnd(text, at);
      const command = blank(at, line).trim();
      // \g sends a statement as a semicolon does.
      if (/^\\gx?(?:\s|$)/.test(command)) out.push(`;${(out.pop() ?? '').slice(1)}`);
      commands.push({ text: command, line: lineOf(text, at) });
      at = line;
      continue;
    }
    if (text[at] === ';') {
      const isCopy = COPY_FROM_STDIN.test(text.slice(statement, at));
      statement = end;
      if (isCopy) {
        const rows = copyEnd(text, end);
        copies.push(withoutEndMark(blank(end, rows)));
        at = rows;
        statement = rows;
        continue;
      }
    }
    at = end;
  }
  return { sql: out.join('') + text.slice(from), commands, copies };
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** Rows begin on the line after the semicolon and end before the line `\.`. */
const withoutEndMark = (rows: string): string => rows.replace(/^[^\n]*\n/, '').replace(/^\\\.[ \t\r]*$/m, '');

/** Only ever tested against one statement, comments before it included. */
const COPY_FROM_STDIN = /(?:^|\n)\s*COPY\s[^;]*\sFROM\s+stdin\b[^;]*$/i;

/** Behind the token that starts at `at`: a string, quoted name, comment, dollar quote or single character. */
function tokenEnd(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  if (two === '--') return lineEnd(text, at);
  if (two === '/*') return commentEnd(text, at);
  const char = text[at];
  if (char === '"') return after(text, '"', at + 1);
  if (char === "'")
    return isEscapeString(text, at) ? escapeStringEnd(text, at + 1) : after(text, "'", at + 1);
  if (char === '$') {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(text.slice(at, at + 130))?.[0];
    if (tag !== undefined && !/[\w$]/.test(text[at - 1] ?? '')) return after(text, tag, at + tag.length);
  }
  return at + 1;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Block comments nest. */
function commentEnd(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

const isEscapeString = (text: string, at: number): boolean =>
  /[eE]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at - 2] ?? '');

function escapeStringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === "'") return at + 1;
  }
  return text.length;
}

/** Behind the `\.` line that ends the rows of a COPY. */
function copyEnd(text: string, from: number): number {
  const end = /^\\\.[ \t\r]*$/m;
  const rest = text.slice(from);
  const match = end.exec(rest);
  return match === null ? text.length : from + match.index + match[0].length;
}
