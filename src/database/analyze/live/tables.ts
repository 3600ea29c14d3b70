import { fixWith } from '../finding.ts';
import { dropIndex } from '../mend/drop-index.ts';
import { isNeeded } from '../schema/index-shape.ts';
import { activeIndexes, activeTables, DAY, type LiveRule, lasting, megabytes, percent } from './live-rule.ts';

const vacuumLocks = (table: string): string => `SHARE UPDATE EXCLUSIVE on ${table}`;

export const sequentialScans: LiveRule = {
  code: 'sequential-scans',
  severity: 'warning',
  title: 'A big table is read whole again and again',
  why: 'Every such read goes through all its blocks and pushes others out of the cache.',
  find: (live, catalog) =>
    activeTables(live, catalog)
      .filter(({ activity }) => {
        const perScan = activity.sequentialRows / Math.max(activity.sequentialScans, 1);
        return (
          activity.liveRows >= 10_000 && activity.sequentialScans >= 100 && perScan >= activity.liveRows / 2
        );
      })
      .map(({ table, activity }) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} was read from beginning to end ${activity.sequentialScans} times`,
        evidence: {
          'sequential scans': activity.sequentialScans,
          'index scans': activity.indexScans,
          rows: activity.liveRows,
          size: megabytes(activity.bytes),
        },
        fix: {
          steps: [],
          transactional: true,
          caution: 'Run db suggest-indexes: it finds the statements and the index that mends them.',
        },
      })),
};

export const unusedIndex: LiveRule = {
  code: 'unused-index',
  severity: 'warning',
  title: 'An index that no query has used',
  why: 'It is written with every row and takes memory. Statistics of one server do not know what replicas use.',
  find: (live, catalog) => {
    const age = live.database?.statisticsAge;
    // Young statistics prove nothing, nor do those of a replica; a constraint needs its index whether or not it is scanned.
    if (live.database?.isReplica || (age !== null && age !== undefined && age < 7 * DAY)) return [];
    return activeIndexes(live, catalog)
      .filter(({ index, scans, bytes }) => {
        return (
          scans === 0 &&
          bytes >= 1_048_576 &&
          !index.isUnique &&
          !isNeeded(index) &&
          index.isValid &&
          !index.isPart
        );
      })
      .map(({ index, bytes }) => ({
        object: { kind: 'index', name: index.sql },
        message: `${index.sql} was never scanned`,
        evidence: { size: megabytes(bytes), since: age == null ? 'the database was made' : lasting(age) },
        fix: {
          ...dropIndex(catalog, index),
          caution: 'Look at the replicas first: their queries are counted there.',
        },
      }));
  },
};

/** Header of a page, of a row and the pointer to it: https://www.postgresql.org/docs/current/storage-page-layout.html */
const PAGE = 8192 - 24;
const ROW = 23 + 1 + 4;

export const bloatedTable: LiveRule = {
  code: 'bloat',
  severity: 'warning',
  title: 'A table takes far more room than its rows',
  why: 'Every scan reads the empty room too, and the cache holds it.',
  find: (live, catalog) =>
    activeTables(live, catalog).flatMap(({ table, activity }) => {
      const { rowWidth, bytes } = activity;
      const rows = Math.max(table.rows, activity.liveRows);
      if (rowWidth === null || rows <= 0 || bytes < 10 * 1_048_576) return [];
      const perPage = Math.max(1, Math.floor(PAGE / (ROW + Math.ceil(rowWidth / 8) * 8)));
      const needed = Math.ceil(rows / perPage) * 8192;
      const wasted = 1 - needed / bytes;
      if (wasted < 0.5) return [];
      return [
        {
          object: { kind: 'table' as const, name: table.sql },
          message: `about ${percent(wasted)} of ${table.sql} holds no row`,
          evidence: { size: megabytes(bytes), 'rows need about': megabytes(needed) },
          fix: fixWith(
            `VACUUM (FULL) ${table.sql}`,
            `ACCESS EXCLUSIVE on ${table.sql}`,
            'Estimated from sampled widths. Nobody can use the table meanwhile; pg_repack does it beside the traffic.',
          ),
        },
      ];
    }),
};

export const staleStatistics: LiveRule = {
  code: 'stale-statistics',
  severity: 'warning',
  title: 'Statistics of a table are out of date',
  why: 'The planner plans for rows that are no longer there.',
  find: (live, catalog) =>
    activeTables(live, catalog)
      .filter(({ table, activity }) => {
        if (activity.liveRows < 1000) return false;
        return (
          table.rows < 0 ||
          activity.analyzeAge === null ||
          activity.changedSinceAnalyze > 0.2 * activity.liveRows + 1000
        );
      })
      .map(({ table, activity }) => ({
        object: { kind: 'table', name: table.sql },
        message:
          activity.analyzeAge === null
            ? `${table.sql} was never analysed`
            : `${Math.round(activity.changedSinceAnalyze)} rows of ${table.sql} changed since it was analysed`,
        evidence: {
          rows: activity.liveRows,
          changed: activity.changedSinceAnalyze,
          analysed: activity.analyzeAge === null ? 'never' : `${lasting(activity.analyzeAge)} ago`,
        },
        fix: fixWith(`ANALYZE ${table.sql}`, vacuumLocks(table.sql)),
      })),
};

export const deadRows: LiveRule = {
  code: 'dead-rows',
  severity: 'warning',
  title: 'Vacuum does not keep up',
  why: 'Dead rows are read and skipped by every scan, and their room is not used again.',
  find: (live, catalog) =>
    activeTables(live, catalog)
      .filter(({ activity }) => activity.deadRows > 1000 && activity.deadRows > 0.2 * activity.liveRows)
      .map(({ table, activity }) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} has ${activity.deadRows} dead rows beside ${activity.liveRows} live ones`,
        evidence: {
          dead: activity.deadRows,
          live: activity.liveRows,
          vacuumed: activity.vacuumAge === null ? 'never' : `${lasting(activity.vacuumAge)} ago`,
        },
        fix: fixWith(
          `VACUUM (ANALYZE) ${table.sql}`,
          vacuumLocks(table.sql),
          'Helps nothing while an old transaction still sees the dead rows.',
        ),
      })),
};

export const wideRows: LiveRule = {
  code: 'wide-rows',
  severity: 'info',
  title: 'Rows are so wide that few fit into a block',
  why: 'A scan reads large values that it does not need; a lower limit moves them out of line.',
  find: (live, catalog) =>
    activeTables(live, catalog)
      .filter(({ table, activity }) => {
        const isSet = (table.options ?? []).some((option) => option.startsWith('toast_tuple_target='));
        return (
          table.kind === 'r' && (activity.rowWidth ?? 0) > 1000 && activity.bytes > 8 * 1_048_576 && !isSet
        );
      })
      .map(({ table, activity }) => ({
        object: { kind: 'table', name: table.sql },
        message: `a row of ${table.sql} takes ${Math.round(activity.rowWidth ?? 0)} bytes on average`,
        evidence: { size: megabytes(activity.bytes), 'out of line': megabytes(activity.toastBytes) },
        fix: fixWith(
          `ALTER TABLE ${table.sql} SET (toast_tuple_target = 256)`,
          vacuumLocks(table.sql),
          'Counts for rows written from then on; splitting the table is the other way.',
        ),
      })),
};

export const missingNotNull: LiveRule = {
  code: 'missing-not-null',
  severity: 'info',
  title: 'A column is never NULL, but may be',
  why: 'Readers handle a case that does not happen, and the first NULL that slips in breaks those that do not.',
  find: (live, catalog) =>
    live.nulls.flatMap(({ table: oid, name, nullFraction }) => {
      const table = catalog.table(oid);
      const column = catalog.columnsOf(oid).find((candidate) => candidate.name === name);
      if (table === undefined || column === undefined || column.notNull || nullFraction > 0) return [];
      if (table.rows < 1000 || table.isPartition || table.kind !== 'r' || column.isInherited) return [];
      const check = catalog.quote(catalog.freshName(table.schema, `${table.name}_${name}_filled`));
      const quoted = catalog.quote(name);
      const locks = `ACCESS EXCLUSIVE on ${table.sql}`;
      const alter = `ALTER TABLE ${table.sql}`;
      return [
        {
          object: { kind: 'column' as const, name: catalog.columnName(column) },
          message: `${catalog.columnName(column)} held no NULL in any row that was sampled`,
          evidence: { rows: table.rows },
          fix: {
            steps: [
              { sql: `${alter} ADD CONSTRAINT ${check} CHECK (${quoted} IS NOT NULL) NOT VALID`, locks },
              { sql: `${alter} VALIDATE CONSTRAINT ${check}`, locks: vacuumLocks(table.sql) },
              { sql: `${alter} ALTER COLUMN ${quoted} SET NOT NULL`, locks },
              { sql: `${alter} DROP CONSTRAINT ${check}`, locks },
            ],
            transactional: true,
            caution:
              'Commit after each; the second reads the table while it is used and fails when a NULL is found.',
          },
        },
      ];
    }),
};
