import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../core/errors.ts';

/**
 * Keeps a PGlite folder to one process of ours at a time: PGlite itself does not look whether another one
 * has it open, and two would ruin it. The lock is an address that is listened on, which the system takes
 * back however the process ends. Errors: DB075 when it is taken.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const address = addressOf(folder);
  const server = (await listen(address)) ?? (await listenAfterCrash(address));
  if (server === undefined) {
    throw new UserError('DB075', `pglite:${folder} is open in another process`, {
      help: 'Only one process can use it at a time; wait until the other has ended.',
    });
  }
  server.unref();
  return () => new Promise((done) => void server.close(() => done()));
}

/** Linux and Windows have addresses that leave no file behind. */
function addressOf(folder: string): string {
  const name = `senior-backend-${createHash('sha256').update(real(folder)).digest('hex').slice(0, 32)}`;
  if (platform() === 'linux') return `\0${name}`;
  return platform() === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** Nothing when somebody listens there already. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) =>
      systemErrorCode(error) === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(address, () => done(server));
  });
}

/** Where addresses are files, one that nobody answers at was left by a process that crashed. */
async function listenAfterCrash(address: string): Promise<Server | undefined> {
  if (!address.endsWith('.sock') || (await isAnswered(address))) return undefined;
  rmSync(address, { force: true });
  return listen(address);
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(address, () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
