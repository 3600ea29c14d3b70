import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a command took, with all processes that it started. */
export interface Cost {
  /** CPU seconds, user and system. */
  readonly cpu: number;
  /** Peak of resident memory in MB, over all its processes together. */
  readonly peak: number;
  readonly failed: boolean;
  /** What it printed, on either stream. */
  readonly output: string;
}

/** Linux counts in hundredths of a second for every architecture that Node runs on. */
const TICKS = 100;

/** How often the memory of the processes is looked at, in milliseconds. Linux keeps each one's peak itself. */
const INTERVAL = 25;

/** Runs a program of Node and measures it, by what Linux counts of processes. */
export function measure(
  script: string,
  args: readonly string[],
  cwd: string,
  { limitSeconds = 300 }: { readonly limitSeconds?: number } = {},
): Promise<Cost> {
  const before = childTicks();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--max-old-space-size=12288', script, ...args], {
      cwd,
      timeout: limitSeconds * 1000,
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < 20_000) output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid ?? 0));
    }, INTERVAL);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ cpu: (childTicks() - before) / TICKS, peak: peak / 1024, failed: code !== 0, output });
    });
  });
}

/** CPU time of all children that have ended: fields 16 and 17 of proc_pid_stat(5). */
function childTicks(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

/** The peak of a process and of all below it, in KiB. */
function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const own = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + peakOf(Number(child)), own);
  } catch {
    return 0; // It has ended meanwhile.
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
