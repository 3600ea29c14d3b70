import { UserError } from '../../../core/errors.ts';
import { isServerLog, readLog } from '../../advise/workload/server-log.ts';
import type { TracedStatement } from './n-plus-one.ts';

/**
 * Reads a trace of statements per request: one JSON object a line with `request`, `sql` (or `statement`,
 * `query`) and perhaps `ms`; SQL with `-- request: GET /orders` lines; or a server's log, where a session
 * stands for a request. Errors: DB082 for a text that is none of these.
 */
export function readTrace(name: string, text: string): TracedStatement[] {
  const traced = isServerLog(text)
    ? readLog(text).map(({ session, sql, totalMs }) => ({
        request: `session ${session || '?'}`,
        sql,
        ms: totalMs,
      }))
    : /^\s*\{/.test(text)
      ? text.split('\n').flatMap((line, at) => jsonLine(name, line, at + 1))
      : sqlTrace(text);
  if (traced.length > 0) return traced;
  throw new UserError('DB082', `${name} holds no statement of a request`, { kind: 'usage' });
}

function jsonLine(name: string, line: string, number: number): TracedStatement[] {
  if (line.trim() === '') return [];
  const value = parsed(line);
  const sql = value?.['sql'] ?? value?.['statement'] ?? value?.['query'];
  const request = value?.['request'] ?? value?.['trace'] ?? value?.['traceId'];
  if (typeof sql !== 'string' || (typeof request !== 'string' && typeof request !== 'number')) {
    throw new UserError('DB082', `${name}: a line is not a JSON object with "request" and "sql"`, {
      kind: 'usage',
      location: { file: name, line: number },
    });
  }
  const ms = value?.['ms'] ?? value?.['duration'];
  return [{ request: String(request), sql, ms: typeof ms === 'number' ? ms : undefined }];
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function sqlTrace(text: string): TracedStatement[] {
  const parts = text.split(/^--\s*request:\s*(.*)$/im).slice(1);
  const traced: TracedStatement[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    // Two requests may have the same name; each heading begins one.
    const request = `${(parts[at] ?? '').trim()} (${at / 2 + 1})`;
    for (const sql of (parts[at + 1] ?? '').split(/;\s*(?:\n|$)/)) {
      if (sql.trim() !== '') traced.push({ request, sql: sql.trim(), ms: undefined });
    }
  }
  return traced;
}
