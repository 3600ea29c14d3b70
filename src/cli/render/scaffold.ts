import { counted } from '../../core/names.ts';
import { hasDrifted, type PlannedScaffold } from '../../scaffold/index.ts';
import { columns } from './columns.ts';
import { visibleLine } from './visible.ts';

/** What the user asked for. */
export interface ScaffoldRequest {
  readonly spec: string;
  readonly output: string;
  readonly framework: string;
  /** Whether the files were written, or only held against the folder. */
  readonly mode: 'write' | 'check' | 'dry-run';
}

/** The `--json` document; schemas/scaffold.schema.json describes it. */
export function scaffoldDocument(written: PlannedScaffold, request: ScaffoldRequest): object {
  const { model, changes, diagnostics } = written;
  return {
    version: 1,
    status: request.mode === 'check' && hasDrifted(written) ? 'drift' : 'success',
    ...request,
    title: model.title,
    generated_files: changes.filter(({ action }) => !GONE.has(action)).map(({ path }) => path),
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

/** What is in the folder, or was, and is not generated. */
const GONE: ReadonlySet<string> = new Set(['orphaned', 'removed']);

/** The summary for people: what there is now, file by file when asked for. */
export function scaffoldText(written: PlannedScaffold, request: ScaffoldRequest, verbose: boolean): string {
  const { model, changes } = written;
  const lines = verbose ? [visibleLine(`${model.title} ${model.version}`.trim()), ''] : [];
  if (request.mode === 'check') lines.push(checkLine(written, request));
  else lines.push(...serviceLines(written, request, verbose), '');
  return [...lines, ...fileLines(changes, verbose, request.mode)].join('\n');
}

const checkLine = (written: PlannedScaffold, { output, spec }: ScaffoldRequest): string =>
  hasDrifted(written) ? `${output} is not what ${spec} says:` : `${output} is up to date with ${spec}`;

function serviceLines(
  { model, files }: PlannedScaffold,
  request: ScaffoldRequest,
  verbose: boolean,
): string[] {
  const lines: string[] = [];
  if (files.length > 1) {
    const verb = request.mode === 'write' ? 'Generated' : 'Would generate';
    lines.push(`${verb} ${counted(model.operations.length, 'route handler')} in ${request.output}`);
    const shown = verbose ? model.operations : model.operations.slice(0, MAX_ROUTES);
    lines.push(
      ...columns(
        shown.map(({ method, path, id }) => [`  ${method.toUpperCase()}`, visibleLine(path), `(${id})`]),
      ),
    );
    const left = model.operations.length - shown.length;
    if (left > 0) lines.push(`  ... and ${left} more; --verbose shows all`);
    lines.push(`Validators: validators.ts`);
  }
  return [...lines, `Types: types.ts (${counted(model.schemas.size, 'schema')})`];
}

/** A screen has room for these; an API of GitHub's size has 1,200. */
const MAX_ROUTES = 20;

type ActionWords = Readonly<Record<PlannedScaffold['changes'][number]['action'], string>>;

const WRITTEN: ActionWords = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  kept: 'kept as you wrote them',
  conflict: 'overwritten',
  removed: 'no longer generated, removed',
  orphaned: 'no longer generated, left in place',
};

const PLANNED: ActionWords = {
  ...WRITTEN,
  create: 'to create',
  update: 'to update',
  conflict: 'edited by hand, overwritten only with --force',
  removed: 'no longer generated, to remove',
};

const ACTION_WORDS = { write: WRITTEN, check: PLANNED, 'dry-run': PLANNED } as const;

/** Actions whose files are named even in the short report. */
const NAMED: readonly string[] = ['removed', 'orphaned', 'conflict'];

function fileLines(
  changes: PlannedScaffold['changes'],
  verbose: boolean,
  mode: ScaffoldRequest['mode'],
): string[] {
  const words = ACTION_WORDS[mode];
  if (verbose) return columns(changes.map(({ path, action }) => [`  ${path}`, words[action]]));
  const named = mode === 'write' ? NAMED : [...NAMED, 'create', 'update'];
  return Object.entries(words).flatMap(([action, word]) => {
    const found = changes.filter((change) => change.action === action);
    if (found.length === 0) return [];
    const files = named.includes(action) ? `: ${listed(found.map(({ path }) => path))}` : '';
    return [`${counted(found.length, 'file')} ${word}${files}`];
  });
}

/** The first few names, and how many more: a large API has hundreds of files. */
const listed = (names: readonly string[]): string =>
  names.length > MAX_FILES
    ? `${names.slice(0, MAX_FILES).join(', ')} and ${names.length - MAX_FILES} more; --verbose shows all`
    : names.join(', ');

const MAX_FILES = 30;
