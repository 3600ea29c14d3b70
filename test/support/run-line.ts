import type { Host } from '../../src/cli/host.ts';
import { PROGRAM } from '../../src/cli/program.ts';
import { runProgram } from '../../src/cli/run.ts';
import { fakeHost } from './fake-host.ts';

export interface LineResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, with real files and a host that collects what is written. */
export async function runLine(argv: readonly string[], overrides: Partial<Host> = {}): Promise<LineResult> {
  const { host, written } = fakeHost(argv, overrides);
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}
