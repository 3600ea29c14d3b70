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

const BAR_CELLS = 12;

/** A bar, the time, the rate, latencies and failures: short enough for a terminal of 80 columns. */
export function showLoad(progress: LoadProgress): string {
  const { elapsedSeconds, durationSeconds, requests, failed, p50, p99 } = progress;
  const filled = Math.min(BAR_CELLS, Math.round((elapsedSeconds / durationSeconds) * BAR_CELLS));
  return [
    `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${elapsedSeconds.toFixed(0)}/${durationSeconds} s`,
    `${(requests / Math.max(elapsedSeconds, 0.001)).toFixed(0)}/s`,
    `P50 ${p50.toFixed(1)} ms`,
    `P99 ${p99.toFixed(1)} ms`,
    `${failed} failed`,
  ].join('  ');
}

export const showCompare = ({ done, of }: CompareProgress): string =>
  `${done} of at most ${of} pairs of blocks`;
