import type { SqlFailure } from '../engines/engine.ts';
import type { Statement } from '../sources/statements.ts';

/** Statements that act on the server and not on the schema, and are never run in a scratch. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  CreatedbStmt: 'it is about another database',
  DropdbStmt: 'it is about another database',
  AlterDatabaseStmt: 'it is about the whole database',
  AlterDatabaseSetStmt: 'it is about the whole database',
  AlterSystemStmt: 'it is about the whole server',
  CreateTableSpaceStmt: 'it is about the whole server',
  DropTableSpaceStmt: 'it is about the whole server',
  CreateSubscriptionStmt: 'subscriptions reach out to other servers',
  AlterSubscriptionStmt: 'subscriptions reach out to other servers',
  DropSubscriptionStmt: 'subscriptions reach out to other servers',
  LoadStmt: 'libraries are not loaded',
  CopyStmt: 'rows are not loaded',
  CreateRoleStmt: 'roles belong to the whole server',
  AlterRoleStmt: 'roles belong to the whole server',
  AlterRoleSetStmt: 'roles belong to the whole server',
  DropRoleStmt: 'roles belong to the whole server',
  DropOwnedStmt: 'roles belong to the whole server',
  ReassignOwnedStmt: 'roles belong to the whole server',
  GrantRoleStmt: 'roles belong to the whole server',
  CheckPointStmt: 'it is about the whole server',
};

/** SQLSTATEs of names that are not there: undefined table, column, object, function, schema. */
const UNDEFINED: ReadonlySet<string> = new Set(['42P01', '42703', '42704', '42883', '3F000']);

/** Statements whose outcome depends on rows, which a scratch has none of. */
const ABOUT_ROWS: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'DoStmt',
  'CallStmt',
]);

/** Errors that rows decide about: integrity, data exceptions, and those raised by programs. */
const DECIDED_BY_ROWS = /^(?:23|22|P0)/;

/** Why a failure in the scratch says nothing against the statement; undefined when it does. */
export function unmeasuredReason(
  { node }: Statement,
  { state, message }: SqlFailure,
  hasSchema: boolean,
): string | undefined {
  if (!hasSchema && UNDEFINED.has(state)) return `${message}: the schema that the file is for was not given`;
  if (node === 'CreateExtensionStmt') return `the scratch cannot create it: ${message}`;
  if (ABOUT_ROWS.has(node) && DECIDED_BY_ROWS.test(state)) return `it depends on rows: ${message}`;
  return undefined;
}
