import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres-server.ts';

const BINARY = 'nats-server';

/** Whether there is a NATS server to test with: Debian has it as nats-server. */
export const HAS_NATS = isInstalled();

if (!HAS_NATS) process.stderr.write('no nats-server here: runs on many machines are not tested\n');

function isInstalled(): boolean {
  try {
    execFileSync(BINARY, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real server on a port of this machine. */
export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** Stops the process where it is, so that connections stay open and silent. */
  freeze(): void;
  thaw(): void;
  /** Ends the process; `start` brings it back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one with `settings` in the form of its configuration file. */
export async function startNats(settings = ''): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-'));
  const config = join(folder, 'nats.conf');
  const port = await freePort();
  writeFileSync(config, `listen: "127.0.0.1:${port}"\n${settings}\n`);
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(BINARY, ['-c', config], { stdio: 'ignore' });
    await untilOpen(port);
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    port,
    url: `nats://127.0.0.1:${port}`,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    kill,
    start,
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
