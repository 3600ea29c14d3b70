import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.ts';

/** The corpus schemas that were labelled: test/database-analyze/labels/README.md says how. */
export const LABELLED = [
  'authelia',
  'bytebase',
  'chinook',
  'concourse',
  'danbooru',
  'graphile_worker',
  'kratos',
  'northwind',
  'openstreetmap',
  'pagila',
  'panoptes',
  'supabase_storage',
  'temporal',
  'umami',
];

/** What is wrong with a schema by hand: finding code to the objects that have it. */
export type Labels = Readonly<Record<string, readonly string[]>>;

/** The labels of a schema. */
export function labelsOf(schema: string): Labels {
  const path = join(ROOT, 'test/database-analyze/labels', `${schema}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
