import { cpus } from 'node:os';
import type { Environment } from '../load/index.ts';

/** The machine, as a saved report names it: nothing that tells whose it is. */
export function currentEnvironment(): Environment {
  const list = cpus();
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpu: list[0]?.model.trim() ?? 'unknown',
    cpus: list.length,
  };
}
