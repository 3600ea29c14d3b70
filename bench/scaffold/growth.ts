import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/repository.ts';
import { type Run, runOnce } from './cost.ts';
import { GENERATORS } from './generators.ts';

/** A part of the largest document, and what it took. */
export interface GrowthRow {
  readonly operations: number;
  readonly bytes: number;
  readonly run: Run;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

type Json = Readonly<Record<string, unknown>>;

const countOperations = (items: readonly unknown[]): number =>
  items.reduce<number>(
    (sum, item) => sum + Object.keys(item as Json).filter((key) => METHODS.includes(key)).length,
    0,
  );

/** A document with some of its paths, and only the components that those lead to. */
function cut(document: Json, share: number): { text: string; operations: number } {
  const paths = Object.entries(document['paths'] as Json);
  // Every so manieth path: neighbours are alike.
  const kept = paths.filter((_, at) => Math.floor(at * share) !== Math.floor((at - 1) * share));
  const wanted = new Set<string>();
  const pending: unknown[] = [kept];
  const components = document['components'] as Readonly<Record<string, Json>>;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [, reference = ''] of JSON.stringify(next).matchAll(/"(#\/components\/[^"]+)"/g)) {
      if (wanted.has(reference)) continue;
      wanted.add(reference);
      const [, , section = '', name = ''] = reference.split('/');
      const target = components[section]?.[name];
      if (target !== undefined) pending.push(target);
    }
  }
  const pruned = Object.fromEntries(
    Object.entries(components).map(([section, entries]) => [
      section,
      Object.fromEntries(
        Object.entries(entries).filter(([name]) => wanted.has(`#/components/${section}/${name}`)),
      ),
    ]),
  );
  const text = JSON.stringify({ ...document, paths: Object.fromEntries(kept), components: pruned });
  return { text, operations: countOperations(kept.map(([, item]) => item)) };
}

const withoutOutput = ({ generate, check }: Run): Run => ({
  generate: { ...generate, output: '' },
  check: { ...check, output: check.output.slice(0, 500) },
});

/** Generates an eighth, a quarter, a half and all of a document. */
export async function growth(path: string): Promise<GrowthRow[]> {
  const document: Json = JSON.parse(readFileSync(path, 'utf8'));
  const [ours] = GENERATORS;
  if (ours === undefined) return [];
  const folder = join(ROOT, '.cache', 'bench-growth');
  mkdirSync(folder, { recursive: true });
  const rows: GrowthRow[] = [];
  for (const share of [1 / 8, 1 / 4, 1 / 2, 1]) {
    const { text, operations } = cut(document, share);
    const file = join(folder, 'document.json');
    writeFileSync(file, text);
    const run = await runOnce(ours, file);
    console.log(`${operations} operations: ${run.generate.cpu} + ${run.check.cpu} s`);
    rows.push({ operations, bytes: text.length, run: withoutOutput(run) });
  }
  return rows;
}
