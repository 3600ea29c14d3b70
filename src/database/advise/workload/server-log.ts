import { readCsv } from './read-csv.ts';
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
export const isServerLog = (text: string): boolean =>
  formatOf(text) !== undefined || TIMED.test(text) || /^\S.*\bLOG:\s{2}/m.test(text);

/** One line of a log that ran a statement. */
export interface LoggedStatement extends WorkloadStatement {
  /** The process that wrote it, as `[123]` in the prefix; empty where there is none. */
  readonly session: string;
}

/** Statements with their times and parameters, in the order of the log. */
export function readLog(text: string): LoggedStatement[] {
  const found: LoggedStatement[] = [];
  const entries = FORMATS[formatOf(text) ?? 'stderr'](text);
  for (const entry of entries) {
    const detail = DETAIL.exec(entry);
    if (detail !== null) {
      // Lines of other sessions may stand between a statement and its parameters.
      const session = sessionOf(entry.slice(0, detail.index));
      const at = found.findLastIndex((one) => one.session === session);
      const last = found[at];
      if (last !== undefined) found[at] = { ...last, parameters: parametersOf(detail[1] ?? '') };
      continue;
    }
    const timed = TIMED.exec(entry);
    const untimed = timed === null ? SAID.exec(entry) : null;
    const head = timed ?? untimed;
    if (head === null) continue;
    const said = entry.slice(head.index + head[0].length);
    const given = EXPLAINED_PARAMETERS.exec(said)?.[1];
    found.push({
      sql: said
        .replace(/^Query Text: /, '')
        .replace(PLAN, '')
        .trim(),
      calls: 1,
      totalMs: timed === null ? undefined : Number(timed[1]),
      rows: undefined,
      session: sessionOf(entry.slice(0, head.index)),
      ...(given === undefined ? {} : { parameters: parametersOf(given) }),
    });
  }
  return found;
}

const sessionOf = (prefix: string): string => /\[(\d+)\]/.exec(prefix)?.[1] ?? '';

/** What auto_explain writes behind the statement. */
const EXPLAINED_PARAMETERS = /\n\s*Query Parameters: (.*)/;
const PLAN = /\n\s*(?:Query Parameters: |Query Identifier: |[A-Z][^\n]*\(cost=\d)[\s\S]*$/;

type Format = 'stderr' | 'csvlog' | 'jsonlog';

/** https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG */
function formatOf(text: string): Format | undefined {
  if (/^\{"timestamp":.*"error_severity":/m.test(text)) return 'jsonlog';
  return /^\d{4}-\d\d-\d\d [\d:.]+ [^,\n]*,(?:[^,\n]*,){10}[A-Z0-9]+,/m.test(text) ? 'csvlog' : undefined;
}

/** The entries of a log, each with its prefix and severity as the plain format writes them. */
const FORMATS: Readonly<Record<Format, (text: string) => string[]>> = {
  stderr: entriesOf,
  csvlog: (text) =>
    readCsv(text).flatMap((fields) => plainEntries(fields[3], fields[11], fields[13], fields[14])),
  jsonlog: (text) =>
    text.split('\n').flatMap((line) => {
      const value = jsonOf(line);
      return plainEntries(value['pid'], value['error_severity'], value['message'], value['detail']);
    }),
};

function plainEntries(pid: unknown, severity: unknown, message: unknown, detail: unknown): string[] {
  if (severity !== 'LOG' || typeof message !== 'string') return [];
  const entry = `[${String(pid)}] LOG:  ${message}`;
  return typeof detail === 'string' && detail !== ''
    ? [entry, `[${String(pid)}] DETAIL:  ${detail}`]
    : [entry];
}

function jsonOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
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
