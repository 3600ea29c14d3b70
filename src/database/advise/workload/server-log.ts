import type { WorkloadStatement } from './workload.ts';

/** `LOG:  duration: 12.3 ms  statement: SELECT ...` and the forms of the extended protocol and auto_explain. */
const TIMED = /LOG:\s+duration: ([\d.]+) ms\s+(?:statement|execute [^:]*|plan):\s*/;
/** A log_statement line says what ran, not how long. */
const SAID = /LOG:\s+(?:statement|execute [^:]*):\s*/;
const DETAIL = /DETAIL:\s+[Pp]arameters: (.*)$/s;
/** Where a new line of the log begins: its prefix ends in a severity. */
const ENTRY =
  /^(?=.*?\b(?:LOG|DETAIL|HINT|CONTEXT|STATEMENT|ERROR|WARNING|NOTICE|INFO|FATAL|PANIC|DEBUG\d?):\s{1,2})/;

/** Whether a text is a server's log rather than SQL. */
export const isServerLog = (text: string): boolean => TIMED.test(text) || /^\S.*\bLOG:\s{2}/m.test(text);

/** One line of a log that ran a statement. */
export interface LoggedStatement extends WorkloadStatement {
  /** The process that wrote it, as `[123]` in the prefix; empty where there is none. */
  readonly session: string;
}

/** Statements with their times and parameters, in the order of the log. */
export function readLog(text: string): LoggedStatement[] {
  const found: LoggedStatement[] = [];
  for (const entry of entriesOf(text)) {
    const detail = DETAIL.exec(entry);
    const last = found.at(-1);
    if (detail !== null && last !== undefined) {
      found[found.length - 1] = { ...last, parameters: parametersOf(detail[1] ?? '') };
      continue;
    }
    const timed = TIMED.exec(entry);
    const said = timed === null ? SAID.exec(entry) : null;
    const head = timed ?? said;
    if (head === null) continue;
    const sql = entry
      .slice(head.index + head[0].length)
      .replace(/^Query Text: /, '')
      .trim();
    const session = /\[(\d+)\]/.exec(entry.slice(0, head.index))?.[1] ?? '';
    found.push({
      sql,
      calls: 1,
      totalMs: timed === null ? undefined : Number(timed[1]),
      rows: undefined,
      session,
    });
  }
  return found;
}

/** A statement of several lines goes on where a line has no prefix. */
function entriesOf(text: string): string[] {
  const entries: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (ENTRY.test(line) || entries.length === 0) entries.push(line);
    else entries[entries.length - 1] += `\n${line}`;
  }
  return entries;
}

/** `$1 = '5', $2 = NULL` as the literals in order. */
function parametersOf(text: string): string[] {
  return [...text.matchAll(/\$\d+ = ('(?:[^']|'')*'|NULL)/g)].map(([, literal = 'NULL']) => literal);
}
