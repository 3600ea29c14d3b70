import { expect, test } from 'vitest';
import { commandsFor } from './areas.ts';
import { PROGRAM } from './program.ts';

test('a line that names a command finds the same one as in the whole program', async () => {
  for (const command of PROGRAM) {
    const commands = await commandsFor(command.path);
    expect(commands.find(({ path }) => path.join(' ') === command.path.join(' '))).toBe(command);
  }
});

test.each([[[]], [['--help']], [['help', 'decide']], [['toString']], [['decid']]])(
  'a line that starts with %j can mean any command',
  async (argv) => {
    expect(await commandsFor(argv)).toBe(PROGRAM);
  },
);
