import { test } from 'vitest';
import { AGENTS } from '../../src/skill/agents.ts';
import { withRealOutput, withRows } from '../support/console-blocks.ts';
import { readText } from '../support/repository.ts';
import { scratch } from '../support/scratch.ts';
import { expectPage } from '../support/update.ts';

test('docs/skill.md shows what the commands really print, and every agent', async () => {
  const { home, project, remove } = scratch(['.claude', '.codex', '.cursor', '.codeium/windsurf']);
  try {
    const page = await withRealOutput(
      readText('docs/skill.md'),
      { cwd: project, env: { HOME: home } },
      (output) => output.replaceAll(project, '~/shop').replaceAll(home, '~'),
    );
    const rows = AGENTS.map(({ name, title, project: folder, extras }) => [
      title,
      `\`${name}\``,
      `\`${folder}\``,
      extras.map((extra) => `\`${extra.project}\``).join(', '),
    ]);
    expectPage(
      'docs/skill.md',
      withRows(page, '| agent | `--agent` | in a project | agent definition and command |', rows),
    );
  } finally {
    remove();
  }
});
