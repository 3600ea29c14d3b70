import type { Engine } from '../engines/engine.ts';
import { isSameUnderUtc, zoneDecides } from '../rules/zone.ts';
import type { Observation } from '../trace.ts';
import { type DeltaContext, type Finding, fullName, textIn } from './finding.ts';

/**
 * Columns whose new values depend on a time zone that nobody has said: the scratch's own is not that of the sessions
 * that will run the file, so that a rewrite which it does not need says nothing.
 */
export async function zoneFindings(
  engine: Engine,
  { delta, isOld, zoned }: DeltaContext,
  { effects }: Observation,
): Promise<readonly Finding[]> {
  const retyped = delta.changed
    .filter(
      ({ before, after }) => after.kind === 'column' && before.is['generated'] !== true && isOld(before),
    )
    .map(({ before, after }) => ({ after, from: textIn(before, 'type'), to: textIn(after, 'type') }))
    .filter(({ after, from, to }) => zoneDecides(from, to) && !zoned.has(unquoted(after.name)));
  if (retyped.length === 0 || (await isZoneSaid(engine))) return [];
  const spared = retyped.filter(
    ({ after, from, to }) => isSameUnderUtc(from, to) && !effects.rewrites.includes(after.of ?? ''),
  );
  const tables = [...new Set(spared.flatMap(({ after }) => after.of ?? []))];
  return [
    ...retyped.map(
      ({ after, from, to }): Finding => ({
        hazard: 'depends-on-zone',
        about: `${fullName(after)}: ${from} to ${to}`,
        tables: [],
      }),
    ),
    ...tables.map(
      (table): Finding => ({
        hazard: 'table-rewrite',
        about: `${table} unless TimeZone is UTC`,
        tables: [table],
        safeWay: SPARED,
      }),
    ),
  ];
}

const SPARED =
  "Begin with SET TimeZone = 'UTC', under which nothing is written anew, if that is the zone of the values; otherwise add a new column, fill it in batches, then switch over.";

/** Whether the file has set the zone, or the lint did because the server's is known. */
async function isZoneSaid(engine: Engine): Promise<boolean> {
  const [row] = await engine.rows<{ source: string }>(
    "SELECT source FROM pg_catalog.pg_settings WHERE name = 'TimeZone'",
  );
  return row?.source === 'session';
}

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
