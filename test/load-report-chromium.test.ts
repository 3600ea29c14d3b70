// The HTML reports in a real browser, at the width of a phone and of a desk: nothing is cut off, nothing is
// fetched, every chart is drawn. Where there is no Chromium this says so and is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoState } from '../src/cli/commands/demo/state.ts';
import { analysisPage } from '../src/cli/render/html/analysis.ts';
import { comparePage } from '../src/cli/render/html/compare.ts';
import { demoPage } from '../src/cli/render/html/demo.ts';
import { loadPage } from '../src/cli/render/html/load.ts';
import { analyze, parseLocation } from '../src/database/index.ts';
import type { Evidence } from '../src/load/explain/evidence.ts';
import { judge } from '../src/load/explain/judge.ts';
import { compareRuns, runCompare, runLoad } from '../src/load/index.ts';
import { SNAPSHOT } from './support/database.ts';
import { listen } from './support/faulty-server.ts';
import { ROOT, readText } from './support/repository.ts';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
);
const WIDTHS = [390, 1280];
const folder = mkdtempSync(join(tmpdir(), 'report-'));
const never = new AbortController().signal;
const server = createServer((request, response) => {
  response.statusCode = Math.random() < 0.05 ? 503 : 200;
  setTimeout(() => response.end(request.url), 3 + 4 * Math.random());
});
const pages: Record<string, string> = {};
const ANALYSIS = {
  scratchUrl: undefined,
  snapshot: SNAPSHOT,
  budgetMs: 120_000,
  now: () => 0,
  queries: undefined,
  trace: undefined,
};
/** As a run wrote it, for a service with a pool of one. */
const evidence: Evidence = JSON.parse(readText('test/load-explain/evidence.json'));
const explanation = { database: 'postgres://shop@db/shop', evidence, notes: ['A note.'], ...judge(evidence) };

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const url = `http://127.0.0.1:${await listen(server)}/a-rather-long-path/of/an-endpoint?with=a-query&and=more`;
  const options = { url, connections: 4, duration: 3, thresholds: ['p99<60s', 'errors<0.1%'] };
  pages['load'] = loadPage(await runLoad(options, never));
  const operations = [1, 2, 3].map((weight) => ({
    name: `GET /a-rather-long-path/{ofAnEndpoint}/with/{severalParameters}/${weight}`,
    method: 'GET',
    path: `/${weight}`,
    headers: [],
    weight,
  }));
  const own = { url, connections: 4, duration: 4.2, operations };
  const contract = {
    title: 'T',
    checked: 9,
    breaches: [
      {
        operation: 'GET /a',
        kind: 'body' as const,
        pointer: '/data/0/id',
        message: 'is wrong',
        count: 2,
        of: 9,
      },
    ],
    leftOut: [{ operation: 'DELETE /a/{id}', why: 'nothing was made in this run that it could delete' }],
    notes: [],
  };
  const explained = await runLoad({ url, connections: 4, duration: 2 }, never);
  pages['explained'] = loadPage(explained, { explanation });
  const location = parseLocation(join(ROOT, 'test', 'scaffold', 'database', 'shop.sql'));
  pages['analysis'] = analysisPage(await analyze({ ...ANALYSIS, location }));
  const [first, second] = [await runLoad(own, never), await runLoad(own, never)];
  pages['contract'] = loadPage(first, { contract });
  const state = {
    first: { result: first, contract },
    second: { result: second, contract },
    comparison: compareRuns(first, second, Math.random),
    statements: [{ sql: `SELECT ${'a_long_column_name, '.repeat(20)} 1`, calls: 3, milliseconds: 20 }],
  };
  pages['demo'] = demoPage(state as unknown as DemoState, [{ title: 'Load it', seconds: 4 }]);
  const load = { connections: 4, duration: 2 };
  const both = { load, baselineUrl: url, candidateUrl: `${url}&candidate=1`, random: Math.random };
  pages['compare'] = comparePage(await runCompare(both, never));
}, 60_000);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

// Each run has a folder of its own and asks nothing of the network.
const flags = (width: number): string[] => [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--user-data-dir=${mkdtempSync(join(tmpdir(), 'chromium-'))}`,
  `--window-size=${width},1000`,
];

interface Seen {
  readonly width: number;
  readonly charts: number;
  readonly drawn: number;
  readonly text: number;
  readonly fetched: number;
}

/** What the browser made of a page at each width: it goes into frames, which may be narrower than a window. */
function measure(
  name: string,
  source: string,
): { readonly frames: readonly Seen[]; readonly said: string[] } {
  const file = join(folder, `${name}.html`);
  const page = source.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const script = `onload = () => {
    document.title = JSON.stringify([...document.querySelectorAll('iframe')].map((frame) => {
      const { document: inner, performance } = frame.contentWindow;
      const drawn = [...inner.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().height > 60);
      return {
        width: inner.documentElement.scrollWidth, charts: inner.querySelectorAll('svg').length, drawn: drawn.length,
        text: Math.round(Math.min(99, ...[...inner.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height))),
        fetched: performance.getEntriesByType('resource').length };
    }));
  };`;
  const frames = WIDTHS.map(
    (width) => `<iframe style="width:${width}px;height:900px;border:0" srcdoc="${page}"></iframe>`,
  );
  writeFileSync(file, `<!doctype html><title></title>${frames.join('')}<script>${script}</script>`);
  const { stdout, stderr } = spawnSync(
    CHROMIUM ?? '',
    [...flags(1400), '--enable-logging=stderr', '--virtual-time-budget=3000', '--dump-dom', `file://${file}`],
    { encoding: 'utf8', timeout: 80_000 },
  );
  const [, title = '[]'] = /<title>(.*?)<\/title>/.exec(stdout) ?? [];
  return {
    frames: JSON.parse(title.replaceAll('&quot;', '"')),
    said: stderr.split('\n').filter((line) => line.includes(':CONSOLE')),
  };
}

describe.skipIf(CHROMIUM === undefined || !existsSync(folder))('in Chromium', () => {
  test.each([
    ['load', 4],
    ['compare', 1],
    ['contract', 4],
    ['explained', 4],
    ['analysis', 1],
    ['demo', 1],
  ])(
    'the page of %s fits a phone and a desk, says nothing and asks for nothing',
    (name, charts) => {
      const { frames, said } = measure(name, pages[name] ?? '');
      expect(said).toEqual([]);
      expect(frames.map(({ charts: all, drawn, fetched }) => ({ all, drawn, fetched }))).toEqual(
        WIDTHS.map(() => ({ all: charts, drawn: charts, fetched: 0 })),
      );
      for (const [at, width] of WIDTHS.entries()) expect(frames[at]?.width).toBeLessThanOrEqual(width);
      // In pixels of the screen: the charts shrink with the page, and stay readable.
      for (const { text } of frames) expect(text).toBeGreaterThanOrEqual(8);
    },
    90_000,
  );

  test('what a page says, asks for and lets hang over would be seen', () => {
    const { frames, said } = measure(
      'bad',
      '<p style="width:2000px">x</p><img src="http://127.0.0.1:59998/image"><script>console.error("no")</script>',
    );
    expect(said.join()).toContain('no');
    for (const { width, fetched } of frames) expect([width >= 2000, fetched]).toEqual([true, 1]);
  }, 90_000);
});
