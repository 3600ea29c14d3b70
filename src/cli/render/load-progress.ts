import type { CompareProgress, LoadProgress } from '../../load/index.ts';
import type { Host } from '../host.ts';

/** One line on standard error that is written over again and again; undefined when nobody looks. */
export function progressLine(host: Host): { show(line: string): void; clear(): void } | undefined {
  if (!host.stderr.isTTY) return undefined;
  return {
    show: (line) => host.stderr.write(`\r\u001b[2K${line.slice(0, host.stderr.columns - 1)}`),
    clear: () => host.stderr.write('\r\u001b[2K'),
  };
}

export function showLoad({ elapsedSeconds, requests, failed }: LoadProgress): string {
  const rate = requests / Math.max(elapsedSeconds, 0.001);
  return `${elapsedSeconds.toFixed(1)} s  ${requests} requests  ${rate.toFixed(0)}/s  ${failed} failed`;
}

export const showCompare = ({ done, of }: CompareProgress): string =>
  `${done} of at most ${of} pairs of blocks`;
