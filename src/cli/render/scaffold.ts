import { counted } from '../../core/names.ts';
import type { WrittenScaffold } from '../../scaffold/index.ts';
import { columns } from './columns.ts';

/** What the user asked for. */
export interface ScaffoldRequest {
  readonly spec: string;
  readonly output: string;
  readonly framework: string;
}

/** The `--json` document; schemas/scaffold.schema.json describes it. */
export function scaffoldDocument(written: WrittenScaffold, request: ScaffoldRequest): object {
  const { model, changes, diagnostics } = written;
  return {
    version: 1,
    status: 'success',
    ...request,
    title: model.title,
    generated_files: changes.filter(({ action }) => action !== 'orphaned').map(({ path }) => path),
    files: changes.map(({ path, action, owner }) => ({ path, action, owner })),
    routes_count: model.operations.length,
    routes: model.operations.map(({ method, path, id, tag }) => ({
      method: method.toUpperCase(),
      path,
      operation_id: id,
      tag,
    })),
    types_count: model.schemas.size,
    diagnostics,
  };
}

/** The summary for people: what there is now, file by file when asked for. */
export function scaffoldText(written: WrittenScaffold, request: ScaffoldRequest, verbose: boolean): string {
  const { model, files, changes } = written;
  const typesOnly = files.length === 1;
  const lines: string[] = [];
  if (verbose) lines.push(`${model.title} ${model.version}`.trim(), '');
  if (!typesOnly) {
    lines.push(`Generated ${counted(model.operations.length, 'route handler')} in ${request.output}`);
    const shown = verbose ? model.operations : model.operations.slice(0, MAX_ROUTES);
    lines.push(
      ...columns(shown.map(({ method, path, id }) => [`  ${method.toUpperCase()}`, path, `(${id})`])),
    );
    const left = model.operations.length - shown.length;
    if (left > 0) lines.push(`  ... and ${left} more; --verbose shows all`);
    lines.push(`Validators: validators.ts`);
  }
  lines.push(`Types: types.ts (${counted(model.schemas.size, 'schema')})`);
  lines.push('', ...fileLines(changes, verbose));
  return lines.join('\n');
}

/** A screen has room for these; an API of GitHub's size has 1,200. */
const MAX_ROUTES = 20;

const ACTION_WORDS: Readonly<Record<WrittenScaffold['changes'][number]['action'], string>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  kept: 'kept as you wrote them',
  conflict: 'overwritten',
  orphaned: 'no longer generated, left in place',
};

function fileLines(changes: WrittenScaffold['changes'], verbose: boolean): string[] {
  if (verbose) return columns(changes.map(({ path, action }) => [`  ${path}`, ACTION_WORDS[action]]));
  return Object.entries(ACTION_WORDS).flatMap(([action, words]) => {
    const found = changes.filter((change) => change.action === action);
    if (found.length === 0) return [];
    const named =
      action === 'orphaned' || action === 'conflict' ? `: ${found.map(({ path }) => path).join(', ')}` : '';
    return [`${counted(found.length, 'file')} ${words}${named}`];
  });
}
