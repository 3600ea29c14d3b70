import { fixWith, type SchemaRule } from '../finding.ts';

/** A table whose rows a crash takes. */
export const unloggedTable: SchemaRule = {
  code: 'unlogged-table',
  severity: 'warning',
  title: 'An unlogged table',
  why: 'It is emptied after a crash and not there on a replica.',
  find: (catalog) =>
    catalog.facts.tables
      .filter(({ isUnlogged, kind, isPartition }) => isUnlogged && kind === 'r' && !isPartition)
      .map((table) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} is unlogged`,
        evidence: { rows: Math.max(table.rows, 0) },
        fix: fixWith(
          `ALTER TABLE ${table.sql} SET LOGGED`,
          `ACCESS EXCLUSIVE on ${table.sql}`,
          'Writes the whole table anew while nobody can use it. For a cache it is right as it is.',
        ),
      })),
};
