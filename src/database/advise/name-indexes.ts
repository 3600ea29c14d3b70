import type { Advice } from './advise.ts';
import { definitionOf } from './candidates/candidate.ts';
import type { Built } from './whatif/what-if.ts';

/** A chosen index with the name it is to have. */
export interface Suggestion {
  readonly name: string;
  readonly table: string;
  /** CREATE INDEX without CONCURRENTLY, which the plan adds. */
  readonly sql: string;
  readonly definition: string;
  /** Estimated bytes. */
  readonly bytes: number;
  /** Rows that one more index is written for, over the time of the statistics. */
  readonly writes: number;
}

/** Names the chosen indexes after their table and columns, so that no name is there already. */
export function nameIndexes({
  chosen,
  catalog,
  writesOf,
}: Pick<Advice, 'chosen' | 'catalog' | 'writesOf'>): Suggestion[] {
  const taken = new Set<string>();
  return chosen.map((built) => {
    const table = catalog.table(built.candidate.table);
    const name = freeName(
      catalog.freshName(table?.schema ?? '', wantedName(table?.name ?? '', built)),
      taken,
    );
    const definition = definitionOf(built.candidate);
    return {
      name,
      table: table?.sql ?? '',
      sql: `CREATE INDEX ${catalog.quote(name)} ON ${table?.sql} ${definition}`,
      definition,
      bytes: built.blocks * 8192,
      writes: writesOf(built),
    };
  });
}

function wantedName(table: string, { candidate }: Built): string {
  const columns = candidate.keys.map(
    ({ column, sql }) => column ?? sql.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, ''),
  );
  const parts = [
    candidate.method === 'btree' ? '' : candidate.method,
    candidate.where === undefined ? '' : 'partial',
  ];
  return [table, ...columns, ...parts.filter((part) => part !== ''), 'idx'].join('_');
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted.slice(0, 60)}${number}`;
  taken.add(name);
  return name;
}
