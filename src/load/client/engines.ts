import { loadNative } from './native.ts';
import { netEngine } from './net-engine.ts';
import { Ring } from './ring.ts';
import { uringEngine } from './uring-engine.ts';
import type { Engine, EngineName } from './wire.ts';

/** Why the quick engine cannot be had here, or undefined when it can. Tries it: containers often forbid it. */
export function quickEngineObstacle(): string | undefined {
  const native = loadNative();
  if (native === undefined) return 'it needs Linux and the optional package koffi';
  try {
    new Ring(native, 8).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Makes the engine of this name. Throws RangeError where it cannot be had. */
export function createEngine(name: EngineName, connections: number): Engine {
  if (name === 'net') return netEngine();
  const native = loadNative();
  if (native === undefined) throw new RangeError('koffi is not installed');
  return uringEngine(native, connections);
}
