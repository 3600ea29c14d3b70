// Servers and generators as processes of their own, each on a core of its own, ahead of what else the
// machine does where that is allowed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program as it is installed. */
export const main = join(root, 'dist/cli/main.js');

export const installed = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const works = (line) => spawnSync(line[0], [...line.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
const firstThatWorks = (...lines) => lines.find(works) ?? [];
// What else the machine does then delays neither side, and only what they do is measured; a server comes
// before a generator.
export const SERVER_AHEAD = firstThatWorks(['chrt', '-f', '2'], ['nice', '-n', '-20']);
// Not real-time: V8's own threads would never run beside a main thread that does not sleep, on the core they share; and the
// kernel stops such a process for a twentieth of each second.
export const POLLING_AHEAD = firstThatWorks(['nice', '-n', '-20']);
const onCore = (core) =>
  installed('taskset') ? ['taskset', '-c', String(Math.min(core, availableParallelism() - 1))] : [];

/** Compiles and starts a server of this folder on the first core; it prints its port. */
export async function startServer(source) {
  const binary = join(mkdtempSync(join(tmpdir(), 'server-')), 'server');
  execFileSync('cc', ['-O2', '-o', binary, join(root, 'bench/load', source), '-lm']);
  const [program, ...words] = [...onCore(0), ...SERVER_AHEAD, binary];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(Number(data))));
  return { child, url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

/** Runs a program to its end where generators run: what it prints. */
export function onGeneratorsCore(words) {
  const [program, ...rest] = [...onCore(1), ...POLLING_AHEAD, ...words.map(String)];
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return stdout === '' ? stderr : stdout;
}

/** Runs the load command to its end: its report. */
export function loadReport(words) {
  const stdout = onGeneratorsCore([process.execPath, main, 'load', ...words, '--json']);
  if (!stdout.startsWith('{')) throw new Error(`senior-backend load ${words.join(' ')}: ${stdout}`);
  return JSON.parse(stdout);
}

export const median = (list) => [...list].sort((left, right) => left - right)[Math.floor(list.length / 2)];
