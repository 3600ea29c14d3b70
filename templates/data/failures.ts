// What clients are told when PostgreSQL refuses: which fields, never its text, which may hold what they must not see.
import { ApiError, type ErrorDetail } from '../errors.js';
import type { Table } from './table.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, by state or by class. */
const FAILURES: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  '23505': [409, 'CONFLICT', 'Another row has these values already'],
  '23P01': [409, 'CONFLICT', 'Another row excludes these values'],
  '23001': [409, 'CONFLICT', 'Other rows refer to this one'],
  '23503': [422, 'REFERENCE_VIOLATION', 'It refers to a row that is not there'],
  '23514': [422, 'CHECK_VIOLATION', 'The values are not allowed'],
  '23502': [400, 'VALIDATION_ERROR', 'A value is missing'],
  '44000': [422, 'CHECK_VIOLATION', 'The values are not allowed'],
  '42501': [403, 'FORBIDDEN', 'This is not allowed'],
  '428C9': [400, 'VALIDATION_ERROR', 'A value is made by the database'],
  '40001': [503, 'TRY_AGAIN', 'Another change was under way; try again'],
  '40P01': [503, 'TRY_AGAIN', 'Another change was under way; try again'],
  '55P03': [503, 'TRY_AGAIN', 'Another change was under way; try again'],
  // A materialized view that nothing has filled yet.
  '55000': [503, 'UNAVAILABLE', 'This is not ready yet'],
  '57014': [503, 'TRY_AGAIN', 'It took too long'],
  '23': [422, 'REFUSED', 'The database refuses this'],
  '22': [400, 'VALIDATION_ERROR', 'A value is not what its column holds'],
  '08': [503, 'UNAVAILABLE', 'The database cannot be reached'],
  '53': [503, 'UNAVAILABLE', 'The database has no room for this now'],
  '57': [503, 'UNAVAILABLE', 'The database cannot be reached'],
  // A rule that writes elsewhere and returns nothing, for one.
  '0A': [422, 'REFUSED', 'The database refuses this'],
  P0: [422, 'REFUSED', 'The database refuses this'],
};

/** Errors of the connection itself, by Node's codes. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** RAISE in a trigger may choose any code, also one that nobody else uses: what it says is no all the same. */
const isRaised = (error: Error): boolean => 'routine' in error && error.routine === 'exec_stmt_raise';

/** The error that a client is told of instead of the database's own; anything else stays what it is. */
export function toClientError(error: unknown, table: Table, verb: 'read' | 'write' | 'delete'): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const { code } = error;
  // Rows of other tables still point to the one to be deleted.
  if (code === '23503' && verb === 'delete')
    return new ApiError(409, 'CONFLICT', 'Other rows refer to this one', { cause: error });
  const known = FAILURES[code] ?? FAILURES[code.slice(0, 2)];
  const found = UNREACHABLE.has(code)
    ? FAILURES['08']
    : (known ?? (isRaised(error) ? FAILURES['P0'] : undefined));
  if (found === undefined) return error;
  const [status, name, message] = found;
  const headers = status === 503 ? { 'retry-after': '1' } : {};
  return new ApiError(status, name, message, { details: detailsOf(error, table), headers, cause: error });
}

/** The fields that a constraint of this table is about, when the client may see them. */
function detailsOf(error: Error, table: Table): ErrorDetail[] {
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : '';
  const column = 'column' in error && typeof error.column === 'string' ? [error.column] : [];
  const columns = Object.hasOwn(table.constraints, constraint) ? table.constraints[constraint] : column;
  return (columns ?? [])
    .filter((name) => table.columns.has(name))
    .map((name) => ({ field: name, message: 'refused by the database' }));
}
