import { analyzeSchema } from '../../src/database/analyze/analyze-schema.ts';
import { withSchema } from './analyze.ts';
import { CORPUS } from './database.ts';
import { type Labels, labelsOf } from './labels.ts';

/** What a finding got right on the labelled schemas, and the names of what it got wrong. */
export interface Agreement {
  readonly code: string;
  readonly labelled: number;
  readonly found: number;
  readonly both: number;
  readonly extra: readonly string[];
  readonly missed: readonly string[];
}

/** Share of what was found that is labelled, and of what is labelled that was found. */
export const precision = ({ both, found }: Agreement): number => (found === 0 ? 1 : both / found);
export const recall = ({ both, labelled }: Agreement): number => (labelled === 0 ? 1 : both / labelled);

/** Judges schemas and holds every finding against the labels. */
export async function agreementOn(schemas: readonly string[]): Promise<Agreement[]> {
  const found: { readonly schema: string; readonly code: string; readonly name: string }[] = [];
  const labelled: typeof found = [];
  for (const schema of schemas) {
    const { findings } = await withSchema(`${CORPUS}/${schema}.sql`, analyzeSchema);
    found.push(...findings.map(({ code, object }) => ({ schema, code, name: object.name })));
    const labels: Labels = labelsOf(schema);
    for (const [code, names] of Object.entries(labels))
      labelled.push(...names.map((name) => ({ schema, code, name })));
  }
  const codes = [...new Set([...found, ...labelled].map(({ code }) => code))].sort();
  const key = (item: { readonly schema: string; readonly name: string }): string =>
    `${item.schema}: ${item.name}`;
  return codes.map((code) => {
    const own = new Set(found.filter((item) => item.code === code).map(key));
    const wanted = new Set(labelled.filter((item) => item.code === code).map(key));
    return {
      code,
      labelled: wanted.size,
      found: own.size,
      both: [...own].filter((name) => wanted.has(name)).length,
      extra: [...own].filter((name) => !wanted.has(name)),
      missed: [...wanted].filter((name) => !own.has(name)),
    };
  });
}

/** The agreement as a table in Markdown. */
export function agreementTable(list: readonly Agreement[]): string {
  const rows = list.map(
    (one) =>
      `| ${one.code} | ${one.labelled} | ${one.found} | ${precision(one).toFixed(3)} | ${recall(one).toFixed(3)} |`,
  );
  return [
    '| finding | labelled | found | precision | recall |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}
