import type { LiveRule } from './live/live-rule.ts';
import { nPlusOne } from './live/n-plus-one.ts';
import { sequenceOverflow } from './live/sequence-overflow.ts';
import {
  blockedSession,
  cacheHit,
  connectionUse,
  longTransaction,
  replicationLag,
  replicationSlot,
  settingOutOfLine,
  wraparound,
} from './live/server.ts';
import { slowStatement, unindexedContainer } from './live/statements.ts';
import {
  bloatedTable,
  deadRows,
  missingNotNull,
  sequentialScans,
  staleStatistics,
  unusedIndex,
  wideRows,
} from './live/tables.ts';

/** What takes a running database, or the statements that it runs, to be seen. */
export const LIVE_RULES: readonly LiveRule[] = [
  slowStatement,
  nPlusOne,
  unindexedContainer,
  sequentialScans,
  unusedIndex,
  bloatedTable,
  staleStatistics,
  deadRows,
  wideRows,
  missingNotNull,
  sequenceOverflow,
  longTransaction,
  blockedSession,
  cacheHit,
  connectionUse,
  replicationSlot,
  replicationLag,
  wraparound,
  settingOutOfLine,
];
