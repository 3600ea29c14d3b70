// The demo as a new user runs it, with a database of its own. In the repository, so that its service finds its packages.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readText } from './support/repository.ts';
import { runLine } from './support/run-line.ts';

const FOLDER = '.cache/demo';

test('the whole loop ends with a service that is shown to be better, and how', async () => {
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
  const line = ['demo', '-o', FOLDER, '-d', '5', '--no-open', '--json'];
  const { exit, stdout, stderr } = await runLine(line, { cwd: ROOT, env: process.env });
  expect(exit, stderr).toBe(0);
  const { better, steps } = JSON.parse(stdout);
  expect(better).toBe(true);
  const of = (title: string) => steps.find((step: { title: string }) => step.title === title)?.result;
  const first = of('Load it by its contract');
  const second = of('Load it again');
  expect(second.operations.map(({ name }: { name: string }) => name)).toContain('GET /orders/{orderId}');
  for (const { contract, requests } of [first, second])
    expect([contract.breaches, requests.failed]).toEqual([[], 0]);
  const [rate] = of('Compare').comparison.metrics;
  expect(rate).toMatchObject({ name: 'Requests/s', verdict: 'better' });
  expect(rate.interval.low).toBeGreaterThan(0);
  expect(of('Find the indexes that are missing').indexes.join()).toContain('order_items');
  expect(of('Prove the way back').statements.join()).toContain('DROP INDEX');
  const page = readText(`${FOLDER}/report.html`);
  expect(page).toContain('The indexes that were missing');
  expect(page).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
}, 280_000);
