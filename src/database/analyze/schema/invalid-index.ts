import { fixWith, type SchemaRule } from '../finding.ts';

/** What CREATE INDEX CONCURRENTLY leaves behind when it fails. */
export const invalidIndex: SchemaRule = {
  code: 'invalid-index',
  severity: 'error',
  title: 'An index is invalid',
  why: 'No query may use it, but every write still maintains it; a unique one does not keep its promise.',
  find: (catalog) =>
    catalog.facts.indexes
      // An index of a partitioned table is invalid until every partition has its part; see the parts.
      .filter((index) => !index.isValid && !index.isPartitioned)
      .map((index) => ({
        object: { kind: 'index', name: index.sql },
        message: `${index.sql} is invalid`,
        evidence: { 'size kB': index.pages * 8 },
        fix: /_cc(?:new|old)\d*$/.test(index.name)
          ? fixWith(`DROP INDEX CONCURRENTLY ${index.sql}`, locks(catalog.table(index.table)?.sql))
          : fixWith(
              `REINDEX INDEX CONCURRENTLY ${index.sql}`,
              locks(catalog.table(index.table)?.sql),
              'Fails again when the rows break its rule: look for duplicates first if it is unique.',
            ),
      })),
};

const locks = (table = ''): string => `SHARE UPDATE EXCLUSIVE on ${table}`;
