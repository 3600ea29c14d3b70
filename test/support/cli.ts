import { PROGRAM } from '../../src/cli/program.ts';
import { runProgram } from '../../src/cli/run.ts';

/** What a command line printed, and how it ended. */
export interface CliRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a folder, in this process. */
export async function runCli(cwd: string, ...argv: readonly string[]): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    columns: 80,
    write: (text: string): void => {
      written[name] += text;
    },
  });
  const host = {
    argv,
    env: {},
    cwd,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdinIsTTY: false,
    clock: { now: () => 0, monotonic: () => 0 },
    random: () => 0.5,
    signal: new AbortController().signal,
    acceptTermination: () => {},
    readStdin: async () => '',
  };
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}
