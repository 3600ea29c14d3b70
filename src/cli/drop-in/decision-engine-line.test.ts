import { expect, test } from 'vitest';
import { runLine } from '../../../test/support/run-line.ts';
import { decisionEngineLine } from './decision-engine-line.ts';

const EXAMPLE =
  '--team-size 8 --qps-p99 50 --read-write-ratio 20 --tenancy shared-multi-tenant --data-sensitivity pii --pattern modular-monolith';

const run = (line: string) => runLine(decisionEngineLine(line.split(' ')), { cwd: '/' });

test('the documented line gives node-express, in Markdown', async () => {
  const { exit, stdout } = await run(`${EXAMPLE} --language-preference typescript`);
  expect(exit).toBe(0);
  expect(stdout).toContain('## Best fit: node-express');
});

test.each(['--output json', '--output=json'])('%s prints one JSON document', async (output) => {
  const { exit, stdout } = await run(`${EXAMPLE} ${output} --platform-team false --needs-admin-panel true`);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    inputs: { language_preference: 'typescript', needs_admin_panel: true },
    recommendation: { profile_name: 'node-express' },
  });
});

test('--sample and --list-profiles work, and missing inputs exit 2', async () => {
  expect((await run('--sample')).stdout).toContain('node-express');
  expect((await run('--list-profiles')).stdout).toContain('django-monolith');
  expect(await run('--team-size 8')).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('--qps-p99 is missing'),
  });
});

test('where it printed STOP and recommended all the same, it refuses', async () => {
  const { exit, stdout } = await run(
    `${EXAMPLE.replace('--team-size 8', '--team-size 2').replace('pii', 'phi')} --output json`,
  );
  expect(exit).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', recommendation: null });
});
