import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact, TableFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import type { LiveFacts, TableActivity } from './live-facts.ts';

/** A finding that takes a running database. Pure like the others: what it judges was read before. */
export interface LiveRule extends Omit<SchemaRule, 'find'> {
  readonly find: (live: LiveFacts, catalog: Catalog) => readonly Found[];
}

/** Each table that the catalog and the statistics both know. */
export function activeTables(
  live: LiveFacts,
  catalog: Catalog,
): { readonly table: TableFact; readonly activity: TableActivity }[] {
  return live.tables.flatMap((activity) => {
    const table = catalog.table(activity.table);
    return table === undefined ? [] : [{ table, activity }];
  });
}

/** Each index with how often it was scanned. */
export function activeIndexes(
  live: LiveFacts,
  catalog: Catalog,
): { readonly index: IndexFact; readonly scans: number; readonly bytes: number }[] {
  const known = new Map(live.indexes.map((activity) => [activity.index, activity]));
  return catalog.facts.indexes.flatMap((index) => {
    const activity = known.get(index.oid);
    return activity === undefined ? [] : [{ index, scans: activity.scans, bytes: activity.bytes }];
  });
}

export const DAY = 86_400;
const MEGABYTE = 1_048_576;

/** Bytes as people read them: `12 MB`. */
export const megabytes = (bytes: number): string =>
  bytes >= MEGABYTE ? `${Math.round(bytes / MEGABYTE)} MB` : `${Math.round(bytes / 1024)} kB`;

/** Seconds as people read them: `3 days`, `5 min`. */
export function lasting(seconds: number): string {
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  if (seconds >= 7200) return `${Math.floor(seconds / 3600)} h`;
  return seconds >= 120 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds)} s`;
}

/** A share as people read it: `12 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
