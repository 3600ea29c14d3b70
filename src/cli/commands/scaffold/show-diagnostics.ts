import type { Diagnostic } from '../../../core/diagnostic.ts';
import type { CommonFlags } from '../../command.ts';
import type { Host } from '../../host.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';

/** More findings than this are for --verbose and --json. */
const MAX_SHOWN = 5;

/** Says what was found beside the files, the first few unless more is asked for. */
export function showDiagnostics(host: Host, diagnostics: readonly Diagnostic[], common: CommonFlags): void {
  if (common.json || common.quiet) return;
  const style = styleFor(host, 'stderr', common.color);
  const shown = diagnostics.filter(({ severity }) => common.verbose || severity !== 'info');
  for (const diagnostic of shown.slice(0, common.verbose ? shown.length : MAX_SHOWN)) {
    host.stderr.write(`${renderDiagnostic(diagnostic, style)}\n`);
  }
  const left = shown.length - MAX_SHOWN;
  if (left > 0 && !common.verbose) host.stderr.write(`... and ${left} more; --verbose shows all.\n`);
}
