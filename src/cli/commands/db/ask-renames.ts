import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel } from '@clack/prompts';
import type { RenameRequest } from '../../../database/index.ts';

/** Where the person types and reads; the process's own when absent. */
export interface RenameTerminal {
  readonly input?: Readable;
  readonly output?: Writable;
}

/** Asks of each likely rename whether it is one. Ctrl-C is "no" to the rest. */
export async function askRenames(
  likely: readonly RenameRequest[],
  { input = process.stdin, output = process.stderr }: RenameTerminal = {},
): Promise<RenameRequest[]> {
  const said: RenameRequest[] = [];
  for (const rename of likely) {
    const answer = await confirm({
      message: `Is ${rename.to} what ${rename.from} was? (no: one is dropped, the other is new)`,
      initialValue: false,
      input,
      output,
    });
    if (isCancel(answer)) return said;
    if (answer) said.push(rename);
  }
  return said;
}
