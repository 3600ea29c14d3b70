import { counted } from '../../../core/names.ts';
import type { Blocker, MigrateEvent } from '../../../database/index.ts';
import type { CommonFlags } from '../../command.ts';
import type { Host } from '../../host.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';

/** Tells on stderr what happens, line by line: also where stderr is a file. */
export function progressTo(
  host: Host,
  { quiet, verbose, color }: CommonFlags,
): (event: MigrateEvent) => void {
  if (quiet) return () => undefined;
  const style = styleFor(host, 'stderr', color);
  return (event) => {
    if (event.kind === 'statement' && !verbose) return;
    const text =
      event.kind === 'note' ? renderDiagnostic(event.note, style) : TELL[event.kind](event as never);
    host.stderr.write(`${text}\n`);
  };
}

type Telling = Exclude<MigrateEvent['kind'], 'note'>;

const TELL: { readonly [Kind in Telling]: (event: Extract<MigrateEvent, { kind: Kind }>) => string } = {
  file: ({ name, statements, reached }) =>
    reached === 0
      ? `${name}: ${counted(statements, 'statement')}`
      : `${name}: going on behind statement ${reached} of ${statements}`,
  statement: ({ index, count, sql }) => `  ${index + 1}/${count} ${firstLine(sql)}`,
  'waiting for lock': ({ holders }) => `  another run is at work:${blockers(holders)}`,
  blocked: ({ blockers: found }) => `  waiting for a lock behind:${blockers(found)}`,
  retry: ({ attempt, of, afterMs, reason }) =>
    `  ${reason}; try ${attempt} of ${of} in ${(afterMs / 1000).toFixed(1)} s`,
  progress: ({ phase, done, total, seconds }) => `  ${phase}${share(done, total)}, ${seconds} s`,
  rebuild: ({ index }) => `  the unfinished index ${index} is dropped, to be built again`,
};

function share(done: number | undefined, total: number | undefined): string {
  if (done === undefined || total === undefined || total === 0) return '';
  return ` ${Math.floor((100 * done) / total)} %`;
}

const blockers = (found: readonly Blocker[]): string =>
  found
    .map(({ pid, state, ageSeconds, query }) => `\n    pid ${pid}, ${state}, since ${ageSeconds} s: ${query}`)
    .join('');

function firstLine(sql: string): string {
  const line = sql.split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
