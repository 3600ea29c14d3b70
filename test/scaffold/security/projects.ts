import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FrameworkName, scaffoldServer } from '../../../src/scaffold/index.ts';
import { ROOT } from '../../support/repository.ts';

export const HERE = join(ROOT, 'test/scaffold/security');

/** Below the repository, so that the projects find the packages they ask for in our own. */
const FOLDER = join(ROOT, '.cache', 'projects');

export const projectFolder = (framework: FrameworkName): string => join(FOLDER, framework);

const OPTIONS = { typesOnly: false, project: true, force: false, allowRefs: false, allowNetwork: false };

/** Writes and compiles a whole service, with handlers that say whom they were told a request is from. */
export async function buildProject(framework: FrameworkName): Promise<void> {
  const folder = projectFolder(framework);
  rmSync(folder, { recursive: true, force: true });
  const contract = { path: join(HERE, 'contract.yaml'), shown: 'contract.yaml' };
  await scaffoldServer(contract, folder, { ...OPTIONS, framework });
  write(folder, 'src/api/vault.handlers.ts', readFileSync(join(HERE, 'vault-handlers.txt'), 'utf8'));
  const limits = readFileSync(join(folder, 'src/limits.ts'), 'utf8');
  write(
    folder,
    'src/limits.ts',
    limits.replace(/\/\/ openToAll.*/, 'limited: { max: 3, windowSeconds: 4 },'),
  );
  await run('node_modules/typescript/bin/tsc', '-p', join(folder, 'tsconfig.build.json'));
}

const write = (folder: string, path: string, text: string): void => writeFileSync(join(folder, path), text);

const run = (script: string, ...args: string[]): Promise<unknown> =>
  promisify(execFile)(process.execPath, [join(ROOT, script), ...args]);

export type Environment = Readonly<Record<string, string>>;

/** A service that runs as a process of its own. */
export interface Service {
  readonly port: number;
  readonly process: ChildProcess;
  /** The lines it has logged. */
  readonly logged: Record<string, unknown>[];
  /** Asks it to stop; resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

function launch(framework: FrameworkName, environment: Environment): ChildProcess {
  // Somewhere without an .env file.
  const cwd = join(FOLDER, 'empty');
  mkdirSync(cwd, { recursive: true });
  const main = join(projectFolder(framework), 'dist/main.js');
  return spawn(process.execPath, [main], { cwd, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts a compiled service and waits until it listens. */
export async function startProject(framework: FrameworkName, environment: Environment): Promise<Service> {
  const child = launch(framework, {
    HOST: '127.0.0.1',
    PORT: '0',
    SHUTDOWN_DELAY_SECONDS: '0',
    ...environment,
  });
  const logged: Record<string, unknown>[] = [];
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const port = await new Promise<number>((resolve, reject) => {
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const entry = JSON.parse(line);
        logged.push(entry);
        if (entry.msg === 'listening') resolve(entry.port);
      }
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${errors}`)));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode;
    const ended = once(child, 'close');
    child.kill(signal);
    const [code] = await ended;
    return code;
  };
  return { port, process: child, logged, stop };
}

/** Starts a service that is not to start: how it ended, and what it said. */
export async function failToStart(
  framework: FrameworkName,
  environment: Environment,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = launch(framework, environment);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return { code, said };
}
