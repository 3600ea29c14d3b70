// Who asks, for tables with row-level security.
import { sql } from 'kysely';
import { ApiError } from '../errors.js';
import type { Context } from '../runtime/contract.js';
import type { Database } from './database.js';
import type { Table } from './table.js';

export type SessionContext = Context<unknown>;

/** The database role a request acts as, and what policies may ask about who sent it. */
export interface Session {
  readonly role: string;
  /** Read in policies by `current_setting('request.jwt.claims', true)::json`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

let sessionOf: (context: SessionContext) => Session | undefined = () => undefined;

/** Says who a request comes from. Until it is called, tables with row-level security answer 401. */
export function useSessions(find: (context: SessionContext) => Session | undefined): void {
  sessionOf = find;
}

/**
 * Runs statements as the one who asks. Without row-level security, and nobody to act as, they run as the service.
 * Owners of tables are not held to policies, which is why nobody is refused rather than let through.
 */
export function inSession<Result>(
  database: Database,
  table: Table,
  context: SessionContext,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  const session = sessionOf(context);
  if (session === undefined) {
    if (!reachesRowSecurity(table)) return work(database);
    throw new ApiError(401, 'UNAUTHENTICATED', 'Who asks is not known');
  }
  const claims = JSON.stringify(session.claims ?? {});
  return database.connection().execute(async (connection) => {
    await sql`begin`.execute(connection);
    try {
      await sql`select set_config('role', ${session.role}, true), set_config('request.jwt.claims', ${claims}, true)`.execute(
        connection,
      );
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      // On a connection that broke there is nothing to roll back, and what broke it is the error to tell.
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

/** Whether the table or one that can be sent along with its rows has row-level security. */
const reachesRowSecurity = (table: Table): boolean =>
  table.rowSecurity === true ||
  Object.values(table.relations).some((relation) => relation.table().rowSecurity === true);
