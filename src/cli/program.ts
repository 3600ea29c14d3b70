import type { CommandSpec, FlagTable } from './command.ts';
import { dbDiff } from './commands/db/diff-spec.ts';
import { scaffold } from './commands/scaffold/spec.ts';

/** Every command, in the order in which help shows them. */
export const PROGRAM: readonly CommandSpec[] = [erase(scaffold), erase(dbDiff)];

/** A table of commands cannot keep each one's own flag types; `parseLine` gives each the values its own table asks for. */
function erase<Table extends FlagTable>(spec: CommandSpec<Table>): CommandSpec {
  return spec as unknown as CommandSpec;
}
