import type { Host } from '../../src/cli/host.ts';

/** A host that collects what is written; clock and random are real unless given. */
export function fakeHost(argv: readonly string[], overrides: Partial<Host> = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY: false,
    columns: 100,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const host: Host = {
    argv,
    env: {},
    cwd: '/',
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdinIsTTY: false,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: Math.random,
    signal: new AbortController().signal,
    acceptTermination: () => {},
    readStdin: async () => '',
    ...overrides,
  };
  return { host, written };
}
