import type { Hazard } from '../hazards.ts';
import type { Statement } from '../sources/statements.ts';
import { commandsOf, nodeAt, wordIn } from './tree.ts';

const COLUMN_SWAP =
  'Add a column of the new type, keep both filled with a trigger, fill the old rows in batches, then switch.';

const REPACK = 'pg_repack or pg_squeeze does the same beside the traffic.';

/** What reads or writes rows stops others by what the transaction locked before it. */
const ROWS = { 'blocking-scan': 'Commit before it, so that no earlier statement keeps the table locked.' };

/** For triggers of constraints that are switched off, by table or by session. */
export const LEAVE_ON =
  'Leave the foreign keys on and write in an order that they take: rows that were written meanwhile are never checked.';

/** For a DELETE wherever it stands. */
export const SAY_WHICH = 'Say which rows with WHERE, and delete in batches.';

/** Safe ways that fit a kind of statement better than the general one of the hazard. */
const BY_NODE: Readonly<Record<string, Partial<Record<Hazard, string>>>> = {
  VacuumStmt: { 'table-rewrite': REPACK },
  ClusterStmt: { 'table-rewrite': REPACK },
  ReindexStmt: { 'blocking-build': 'REINDEX CONCURRENTLY builds the new index beside the traffic.' },
  TruncateStmt: { 'data-loss': 'Keep a copy of the rows, or rename the table away and make a new one.' },
  SelectStmt: ROWS,
  DoStmt: ROWS,
  CallStmt: ROWS,
  InsertStmt: ROWS,
  UpdateStmt: ROWS,
  DeleteStmt: { ...ROWS, 'data-loss': SAY_WHICH },
  MergeStmt: ROWS,
};

const BY_COMMAND: Readonly<Record<string, Partial<Record<Hazard, string>>>> = {
  AT_SetNotNull: {
    'blocking-scan':
      'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later transaction, then SET NOT NULL and drop the check.',
  },
  AT_ValidateConstraint: {
    'blocking-scan': 'Commit between ADD ... NOT VALID and VALIDATE, which needs no strong lock of its own.',
  },
  AT_AttachPartition: {
    'blocking-scan': 'Give the table a validated CHECK that says the same as its bound before attaching it.',
  },
  AT_AlterColumnType: { 'table-rewrite': COLUMN_SWAP },
  AT_AddColumn: {
    'table-rewrite':
      'Add the column without the value, give it the default in a second statement, then fill the old rows in batches.',
    'blocking-build':
      'Add the column first, then build a unique index CONCURRENTLY and use it for the constraint.',
    'blocking-scan':
      'Add the column first, then the constraint NOT VALID, and validate it in a later transaction.',
    'may-fail': 'Add it without NOT NULL, fill the rows, then make it NOT NULL.',
  },
  AT_AddIdentity: { 'table-rewrite': COLUMN_SWAP },
  AT_SetLogged: { 'table-rewrite': 'Fill a new table of the wanted kind in batches, then swap the names.' },
  AT_SetUnLogged: { 'table-rewrite': 'Fill a new table of the wanted kind in batches, then swap the names.' },
};

/** The closest safe way that is known; undefined: the one of the hazard. */
export function safeWayFor({ node, tree }: Statement, hazard: Hazard): string | undefined {
  const subtypes = commandsOf(nodeAt({ tree }, 'tree')).map((command) => wordIn(command, 'subtype'));
  const byCommand = subtypes.map((subtype) => BY_COMMAND[subtype]?.[hazard]);
  return BY_NODE[node]?.[hazard] ?? byCommand.find((way) => way !== undefined);
}
