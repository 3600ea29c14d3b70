import { parseStatement } from '../../advise/workload/parse-statement.ts';
import { readUses } from '../../advise/workload/read-uses.ts';
import type { Workload } from '../../advise/workload/workload.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { Finding } from '../finding.ts';

interface Searched {
  readonly calls: number;
  readonly ms: number;
}

/** Adds to each missing index how often its column is searched and how long that takes on average. */
export function withQueryTimes(
  findings: readonly Finding[],
  workload: Workload | undefined,
  catalog: Catalog,
): Finding[] {
  if (workload === undefined) return [...findings];
  const searched = searchedColumns(workload, catalog);
  return findings.map((finding) => {
    if (!MISSING.has(finding.code)) return finding;
    const found = searched.get(finding.object.name);
    if (found === undefined) return finding;
    const average = Math.round((found.ms / Math.max(found.calls, 1)) * 100) / 100;
    return {
      ...finding,
      evidence: { ...finding.evidence, 'searched by statements': found.calls, 'average ms': average },
    };
  });
}

/** Findings that an index would mend. */
const MISSING: ReadonlySet<string> = new Set([
  'unindexed-foreign-key',
  'unindexed-text-search',
  'unindexed-container',
]);

/** Calls and time of the statements that look for a column, by the name the findings use for it. */
function searchedColumns({ statements }: Workload, catalog: Catalog): Map<string, Searched> {
  const searched = new Map<string, Searched>();
  for (const { sql, calls, totalMs = 0 } of statements) {
    const parsed = parseStatement(sql);
    const names = new Set<string>();
    for (const use of parsed === undefined ? [] : readUses(catalog, parsed.tree)) {
      const table = catalog.table(use.table)?.sql ?? '';
      for (const column of [...use.equal, ...use.joined]) names.add(`${table} (${catalog.quote(column)})`);
      for (const { column } of use.special)
        if (column !== undefined) names.add(`${table}.${catalog.quote(column)}`);
    }
    for (const name of names) {
      const known = searched.get(name) ?? { calls: 0, ms: 0 };
      searched.set(name, { calls: known.calls + calls, ms: known.ms + totalMs });
    }
  }
  return searched;
}
