import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../../../test/support/faulty-server.ts';
import { type LoadResult, runLoad } from '../../../load/index.ts';
import { githubAnnotations, junitReport } from '../junit.ts';
import { ticksBetween } from './charts.ts';
import { loadPage } from './load.ts';
import { table } from './page.ts';

const server = createServer((request, response) => {
  response.statusCode = Math.random() < 0.1 ? 503 : 200;
  setTimeout(() => response.end(request.url), 3 * Math.random());
});
let result: LoadResult;

beforeAll(async () => {
  const url = `http://127.0.0.1:${await listen(server)}/?a=1&b=<script>`;
  const options = { url, duration: 3, connections: 4, thresholds: ['p99<60s', 'errors<0.1%'] };
  result = await runLoad(options, new AbortController().signal);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Every opened element of a page is closed, in order. */
function unclosed(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', selfClosing] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
    if (selfClosing === '/' || ['meta', 'br'].includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

describe('the HTML report', () => {
  test('is one whole file without a script and without anything from outside', () => {
    const page = loadPage(result);
    expect(unclosed(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
    expect(page).toContain('?a=1&amp;b=');
  });

  test('shows figures, charts, checks, errors and statuses', () => {
    const page = loadPage(result);
    for (const words of [
      'requests/s',
      'P99',
      'Latency by percentile',
      'Over time',
      'Where the requests fell',
      'Errors by kind',
    ]) {
      expect(page).toContain(words);
    }
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).toMatch(/<td>not met<\/td><td>errors&lt;0.1%<\/td>/);
  });

  test('of a run without an answer has no charts and no holes', () => {
    const { latency: _latency, corrected: _corrected, ...rest } = result;
    const page = loadPage({
      ...rest,
      distribution: [],
      blocks: [],
      statuses: [],
      series: { width: 1, points: [] },
    });
    expect(unclosed(page)).toEqual([]);
    expect(page).not.toMatch(/<svg|NaN|undefined/);
  });

  test('tables align figures', () => {
    expect(
      table(
        ['a', 'b'],
        [
          ['x', '1.5 ms'],
          ['y', '2'],
        ],
      ),
    ).toContain('<td class="number">1.5 ms</td>');
    expect(table(['a', 'b'], [['x', 'some words']])).toContain('<td>some words</td>');
  });

  test('axes have a few round marks', () => {
    const values = (...axis: Parameters<typeof ticksBetween>) =>
      ticksBetween(...axis).map(([value]) => value);
    expect(values(0, 10, String)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(values(-0.12, 0.12, String).length).toBeGreaterThan(3);
    expect(values(0.5, 60, String, true)).toEqual([0.5, 1, 2, 5, 10, 20, 50]);
  });
});

describe('for build servers', () => {
  const checks = [
    { text: 'p99<5ms', met: true, actual: '4 ms' },
    { text: 'errors<1%', met: false, actual: '2 %, "much"' },
  ];

  test('JUnit counts what was not met', () => {
    const report = junitReport('http://a/?b&c', checks);
    expect(report).toContain('<testsuite name="http://a/?b&amp;c" tests="2" failures="1">');
    expect(report).toContain('<testcase classname="load" name="p99&lt;5ms"/>');
    expect(report).toContain('<failure message="2 %, &quot;much&quot;"/>');
  });

  test('GitHub is told of what was not met, with its own escapes', () => {
    expect(githubAnnotations('a: b, c', checks)).toEqual([
      '::error title=a%3A b%2C c::errors<1%25 was not met: 2 %25, "much"',
    ]);
  });
});
