/** A text stream the program writes to. */
export interface OutputStream {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/**
 * Everything the program may know of the outside: the only place, with main.ts, that touches
 * `process`. Capabilities get the parts they need as plain arguments; tests build a host of their own.
 */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdinIsTTY: boolean;
  readonly clock: Clock;
  /** Uniform in [0, 1), as Math.random. */
  readonly random: () => number;
  /** Aborted at the first Ctrl-C; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Has a request to terminate count as Ctrl-C: for commands that serve until they are told to stop. */
  acceptTermination(): void;
  /** Reads all of standard input as UTF-8. */
  readStdin(): Promise<string>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring. */
  monotonic(): number;
}

/** The one rule for asking a person: both ends are terminals and nobody said this is CI. */
export function mayPrompt(host: Host): boolean {
  return host.stdinIsTTY && host.stdout.isTTY && (host.env['CI'] ?? '') === '';
}

/** The real host. */
export function processHost(): Host {
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  let stderr: OutputStream | undefined;
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: outputStream(process.stdout),
    // Opening a stream takes a millisecond or two, so those that most runs never use wait until they are.
    get stderr() {
      stderr ??= outputStream(process.stderr);
      return stderr;
    },
    get stdinIsTTY() {
      return process.stdin.isTTY === true;
    },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: Math.random,
    signal: interrupt.signal,
    acceptTermination: () => {
      process.on('SIGTERM', onInterrupt);
    },
    readStdin,
  };
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  // A reader that went away (`| head`) is not an error of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns ?? 80,
    write: (text) => {
      stream.write(text);
    },
  };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
