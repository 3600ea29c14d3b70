import { counted } from '../../core/names.ts';
import type { PlannedSpec } from '../../scaffold/index.ts';
import { columns } from './columns.ts';
import { visibleLine } from './visible.ts';

/** What the user asked for, and what became of it. */
export interface SpecReport extends PlannedSpec {
  /** The folder, as it was named. */
  readonly routes: string;
  readonly output: string;
  readonly mode: 'write' | 'check' | 'dry-run';
}

/** The `--json` document; schemas/generate-spec.schema.json describes it. */
export function specDocument({
  routes,
  output,
  mode,
  title,
  action,
  operations,
  diagnostics,
}: SpecReport): object {
  return {
    version: 1,
    status: mode === 'check' && action !== 'unchanged' ? 'drift' : 'success',
    routes,
    output,
    mode,
    title,
    action,
    operations_count: operations.length,
    operations: operations.map(({ method, path, operationId }) => ({
      method: method.toUpperCase(),
      path,
      operation_id: operationId,
    })),
    diagnostics,
  };
}

/** A screen has room for these. */
const MAX_OPERATIONS = 20;

/** The summary for people. */
export function specText(report: SpecReport, verbose: boolean): string {
  const { routes, output, mode, action, operations, diagnostics } = report;
  const shown = verbose ? operations : operations.slice(0, MAX_OPERATIONS);
  const left = operations.length - shown.length;
  const remarks = diagnostics.filter(({ severity }) => severity === 'info').length;
  return [
    `${counted(operations.length, 'operation')} in ${visibleLine(routes)}`,
    ...columns(
      shown.map(({ method, path, operationId }) => [
        `  ${method.toUpperCase()}`,
        visibleLine(path),
        visibleLine(`(${operationId})`),
      ]),
    ),
    ...(left > 0 ? [`  ... and ${left} more; --verbose shows all`] : []),
    ...(remarks > 0 && !verbose
      ? [`${counted(remarks, 'remark')} on what cannot be told; --verbose shows them`]
      : []),
    `${visibleLine(output)}: ${WORDS[mode][action]}`,
  ].join('\n');
}

const PLANNED = { create: 'to create', update: 'to update', unchanged: 'up to date' } as const;

const WORDS = {
  write: { create: 'created', update: 'updated', unchanged: 'unchanged' },
  check: { create: 'is not there', update: 'is not what the sources say', unchanged: 'up to date' },
  'dry-run': PLANNED,
} as const;
