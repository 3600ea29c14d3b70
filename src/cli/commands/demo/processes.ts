import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../../core/errors.ts';
import type { DemoState, RunningService } from './state.ts';

/** What the service is written with, and what compiles it. */
const PACKAGES = [
  'express',
  'zod',
  'pg',
  '@electric-sql/pglite',
  'typescript',
  '@types/express',
  '@types/node',
  '@types/pg',
];

/** Installs the service's packages, unless they are found from its folder already, as inside this repository. */
export async function installPackages(state: DemoState): Promise<void> {
  const missing = PACKAGES.filter((name) => packageFolder(state, name) === undefined);
  if (missing.length === 0) return;
  state.say(`Installing ${missing.join(', ')} with npm ...`);
  await runToEnd(state, 'npm', ['install', '--no-audit', '--no-fund']);
}

/** Where Node would find a package from the service's folder. */
function packageFolder({ folder }: DemoState, name: string): string | undefined {
  const paths = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
}

/** Type-checks and compiles the service. Errors: DEMO001, with what the compiler said. */
export async function build(state: DemoState): Promise<void> {
  const compiler = join(packageFolder(state, 'typescript') ?? '', 'bin', 'tsc');
  await runToEnd(state, process.execPath, [compiler, '-p', state.folder]);
}

async function runToEnd(state: DemoState, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: state.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: state.signal,
    // npm is a script on Windows, which only a shell starts.
    shell: command === 'npm' && process.platform === 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code === 0) return;
  throw new UserError(
    'DEMO001',
    `${command} ${args.join(' ')} ended with code ${code}\n${said.slice(-2000)}`,
    {
      help: `Look into ${state.shownFolder}; remove it to start afresh.`,
    },
  );
}

/** Starts the service on a free port; it is stopped when the demo ends, if not before. Errors: DEMO001. */
export async function startService(state: DemoState, statements: string): Promise<RunningService> {
  const { DATABASE_URL: _, ...others } = state.host.env;
  const own = state.databaseUrl === undefined ? {} : { DATABASE_URL: state.databaseUrl };
  const child = spawn(process.execPath, [join('dist', 'server.js')], {
    cwd: state.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...others, ...own, PORT: '0', NODE_ENV: 'production', STATEMENTS: statements },
  });
  const stop = (): Promise<void> => stopService(child);
  state.stops.push(stop);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  for await (const line of createInterface({ input: child.stdout, signal: state.signal })) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, stop };
  }
  throw new UserError('DEMO001', `the service did not start\n${complaint}`, {
    help: `Look into ${state.shownFolder}; remove it to start afresh.`,
  });
}

/** Long enough for the service to finish its requests and close the database. */
const STOP_MS = 5_000;

async function stopService(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(force);
}
