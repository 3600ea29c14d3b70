import { expect, test } from 'vitest';
import { PROGRAM } from '../src/cli/program.ts';
import { renderCommandHelp, renderProgramHelp } from '../src/cli/render/help.ts';
import { readText } from './support/repository.ts';
import { expectPage } from './support/update.ts';

test('docs/cli.md is the help of every command', () => {
  const commands = PROGRAM.map(
    (command) => `## ${command.path.join(' ')}\n\n\`\`\`text\n${renderCommandHelp(command)}\n\`\`\`\n`,
  );
  const page = [
    '# The command line\n',
    `\`\`\`text\n${renderProgramHelp(PROGRAM)}\n\`\`\`\n`,
    ...commands,
  ].join('\n');
  expectPage('docs/cli.md', page);
});

test('every runtime dependency is justified in docs/dependencies.md', () => {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readText('package.json'));
  const justified = [...readText('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(
    ([, name]) => name,
  );
  const declared = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
  expect(new Set(justified)).toEqual(new Set(declared));
});
