import type { Diagnostic } from '../../../core/diagnostic.ts';
import type { CommonFlags } from '../../command.ts';
import type { Host } from '../../host.ts';

/** Tells on stderr which profiles were left out and why; with --json the document says it. */
export async function tellLeftOut(
  host: Host,
  { json, color }: CommonFlags,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  if (json || diagnostics.length === 0) return;
  const { renderDiagnostic } = await import('../../render/diagnostics.ts');
  const { styleFor } = await import('../../render/style.ts');
  const style = styleFor(host, 'stderr', color);
  for (const diagnostic of diagnostics) host.stderr.write(`${renderDiagnostic(diagnostic, style)}\n`);
}
