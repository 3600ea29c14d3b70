import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/repository.ts';
import type { Asked } from './operations.ts';

const run = promisify(execFile);

/** A compiled server, and what to ask it. */
export interface CompiledServer {
  /** The folder of its index.js. */
  readonly folder: string;
  readonly operations: readonly Asked[];
}

export interface BootResult {
  readonly asked: number;
  /** Operations that were not answered at their own path. */
  readonly missed: readonly string[];
  /** Why the server did not come up at all. */
  readonly failure?: string;
}

/** Boots servers in a process of their own, with a file for what to ask, and asks each for all its operations. */
export async function bootServers(servers: readonly CompiledServer[], file: string): Promise<BootResult[]> {
  await writeFile(file, JSON.stringify(servers));
  const probe = join(ROOT, 'test', 'scaffold', 'boot-probe.mjs');
  const { stdout } = await run(process.execPath, ['--max-old-space-size=6144', probe, file], {
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
