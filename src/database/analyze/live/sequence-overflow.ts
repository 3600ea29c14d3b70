import type { Catalog } from '../facts/catalog.ts';
import type { SequenceFact } from '../facts/facts.ts';
import { fixWith } from '../finding.ts';
import { integerKey } from '../schema/column-types.ts';
import type { LiveFacts } from './live-facts.ts';
import { DAY, type LiveRule, lasting, percent } from './live-rule.ts';

/** The largest value of each integer type. */
const LIMITS: Readonly<Record<string, number>> = { int2: 32_767, int4: 2_147_483_647, int8: 9.22e18 };

/** A key that runs out of numbers, and when at the rate so far. */
export const sequenceOverflow: LiveRule = {
  code: 'sequence-overflow',
  severity: 'warning',
  title: 'A generated key is running out of numbers',
  why: 'The first insert beyond the last number fails, and so does every one after it.',
  find: (live, catalog) => catalog.facts.sequences.flatMap((sequence) => overflow(live, catalog, sequence)),
};

function overflow(live: LiveFacts, catalog: Catalog, sequence: SequenceFact): ReturnType<LiveRule['find']> {
  const place = sequence.owner ?? sequence.users[0];
  if (place === undefined || sequence.last === null) return [];
  const [table = 0, number = 0] = place.split('/').map(Number);
  const column = catalog.column(table, number);
  const limit = Math.min(LIMITS[column?.base ?? ''] ?? sequence.max, sequence.max);
  const used = sequence.last / limit;
  if (column === undefined || used < 0.5) return [];
  const inserted = live.tables.find((activity) => activity.table === table)?.inserted ?? 0;
  const age = live.database?.statisticsAge ?? 0;
  const perDay = age > DAY ? (inserted / age) * DAY : 0;
  const left = perDay > 0 ? lasting(((limit - sequence.last) / perDay) * DAY) : 'unknown: no rate to go by';
  const name = catalog.columnName(column);
  const mend = integerKey.find(catalog).find(({ object }) => object.name === name);
  return [
    {
      severity: used >= 0.8 ? 'error' : 'warning',
      object: { kind: 'column' as const, name },
      message: `${name} has used ${percent(used)} of its numbers`,
      evidence: { last: sequence.last, limit, 'at this rate full in': left },
      fix:
        mend?.fix ??
        fixWith(
          `ALTER TABLE ${catalog.table(table)?.sql} ALTER COLUMN ${catalog.quote(column.name)} TYPE bigint`,
          `ACCESS EXCLUSIVE on ${catalog.table(table)?.sql}`,
          'Writes the table anew while nobody can use it.',
        ),
    },
  ];
}
