import { type CommandSpec, erase } from './command.ts';

/**
 * Short commands by their first word. A line that starts with one of these loads only its own
 * specification instead of every command's: a decision has to start in under 1.5 times bare node.
 */
const QUICK_COMMANDS: Readonly<Record<string, () => Promise<CommandSpec>>> = {
  decide: async () => erase((await import('./commands/decide/spec.ts')).decide),
  grill: async () => erase((await import('./commands/grill/spec.ts')).grill),
};

/** The commands that a line can mean: its quick one, or all, from which help and suggestions come. */
export async function commandsFor(argv: readonly string[]): Promise<readonly CommandSpec[]> {
  const [first = ''] = argv;
  const quick = Object.hasOwn(QUICK_COMMANDS, first) ? QUICK_COMMANDS[first] : undefined;
  return quick === undefined ? (await import('./program.ts')).PROGRAM : [await quick()];
}
