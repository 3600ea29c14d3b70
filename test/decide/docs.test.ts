import { expect, test } from 'vitest';
import { CONSTRAINT_RULES } from '../../src/decide/constraints.ts';
import { TIE_BREAK_RULE } from '../../src/decide/engine.ts';
import { KILL_RULES } from '../../src/decide/kills.ts';
import { withRealOutput, withRows } from '../support/console-blocks.ts';
import { readText } from '../support/repository.ts';
import { scratch } from '../support/scratch.ts';
import { expectPage } from '../support/update.ts';

test('docs/decide.md shows what the commands really print, and the real tables', async () => {
  const { project, remove } = scratch();
  const clock = { now: () => Date.UTC(2026, 0, 5, 12), monotonic: () => 0 };
  try {
    const page = await withRealOutput(readText('docs/decide.md'), { cwd: project, clock }, (output) =>
      output.replaceAll(project, '.'),
    );
    const kills = KILL_RULES.map(({ criterion, lifted_by }) => [criterion, lifted_by]);
    const weights = CONSTRAINT_RULES.map(({ constraint, weight, source }) => [
      `\`${constraint}\``,
      `${weight}`,
      source,
    ]);
    const withKills = withRows(page, '| kill criterion | lifted by |', kills);
    expectPage('docs/decide.md', withRows(withKills, '| constraint | weight | source |', weights));
  } finally {
    remove();
  }
  expect(readText('docs/decide.md').replaceAll(/\s+/g, ' ')).toContain(TIE_BREAK_RULE);
});
