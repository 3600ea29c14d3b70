// The HTML reports in a real browser, at the width of a phone and of a desk: nothing is cut off, nothing is
// fetched, every chart is drawn. Where there is no Chromium this says so and is skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoState } from '../src/cli/commands/demo/state.ts';
import { comparePage } from '../src/cli/render/html/compare.ts';
import { demoPage } from '../src/cli/render/html/demo.ts';
import { loadPage } from '../src/cli/render/html/load.ts';
import { compareRuns, runCompare, runLoad } from '../src/load/index.ts';
import { listen } from './support/faulty-server.ts';

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

/** What the browser made of the page at this width: the page goes into a frame, which may be narrower than a window. */
function measure(name: string, width: number): Readonly<Record<string, number>> {
  const file = join(folder, `${name}-${width}.html`);
  const page = (pages[name] ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const script = `onload = () => {
    const { document: inner, performance } = document.querySelector('iframe').contentWindow;
    const drawn = [...inner.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().height > 60);
    document.title = JSON.stringify({
      width: inner.documentElement.scrollWidth, charts: inner.querySelectorAll('svg').length, drawn: drawn.length,
      text: Math.round(Math.min(...[...inner.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height))),
      fetched: performance.getEntriesByType('resource').length });
  };`;
  writeFileSync(
    file,
    `<!doctype html><title></title><iframe style="width:${width}px;height:900px;border:0" srcdoc="${page}"></iframe><script>${script}</script>`,
  );
  const dom = execFileSync(
    CHROMIUM ?? '',
    [...flags(1400), '--virtual-time-budget=3000', '--dump-dom', `file://${file}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    },
  );
  const [, title = '{}'] = /<title>(.*?)<\/title>/.exec(dom) ?? [];
  return JSON.parse(title.replaceAll('&quot;', '"'));
}

describe.skipIf(CHROMIUM === undefined || !existsSync(folder))('in Chromium, the page of', () => {
  test.each(
    WIDTHS.flatMap(
      (width) =>
        [
          ['load', width, 4],
          ['compare', width, 1],
          ['contract', width, 4],
          ['demo', width, 1],
        ] as const,
    ),
  )(
    '%s at %i pixels',
    (name, width, charts) => {
      const seen = measure(name, width);
      expect(seen).toMatchObject({ charts, drawn: charts, fetched: 0 });
      expect(seen['width']).toBeLessThanOrEqual(width);
      // In pixels of the screen: the charts shrink with the page, and stay readable.
      expect(seen['text']).toBeGreaterThanOrEqual(8);
    },
    90_000,
  );
});
