import type { Diagnostic } from '../../core/diagnostic.ts';
import type { FileChange, PlannedFile } from '../../core/file-changes.ts';
import { HEADER } from './header.ts';

/** The handlers of a tag whose operations are gone from the contract. */
export interface GoneHandlers {
  /** `orders.routes.ts`. */
  readonly routes: string;
  /** Operations that have just gone, and earlier ones whose handlers are still there. */
  readonly operations: readonly string[];
  /** Those of them that the handlers file still speaks of. */
  readonly kept: readonly string[];
}

const ROUTES = '.routes.ts';

const handlersFile = (routes: string): string => routes.replace(ROUTES, '.handlers.ts');

/** Finds the operations that the folder's routers still have and the contract has no more. */
export function goneHandlers(changes: readonly FileChange[]): GoneHandlers[] {
  const texts = new Map(changes.map(({ path, previous }) => [path, previous ?? '']));
  const routers = changes.filter(({ path, owner }) => owner === 'generated' && path.endsWith(ROUTES));
  const live = new Set(routers.flatMap(({ content = '' }) => liveOperations(content)));
  return routers.flatMap(({ path, previous = '' }) => {
    const written = texts.get(handlersFile(path)) ?? '';
    const isKept = (id: string): boolean =>
      new RegExp(`(?<![\\p{ID_Continue}$])${id.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`, 'u').test(
        written,
      );
    const before = liveOperations(previous).filter((id) => !live.has(id));
    const kept = [...before, ...goneOperations(previous).filter((id) => !live.has(id))].filter(isKept);
    const operations = [...new Set([...before, ...kept])];
    return operations.length === 0 ? [] : [{ routes: path, operations, kept }];
  });
}

/** Their handlers stay. */
export const removedOperations = (gone: readonly GoneHandlers[]): Diagnostic[] =>
  gone.flatMap(({ routes, operations }) =>
    operations.map(
      (id): Diagnostic => ({
        code: 'SCF020',
        severity: 'warning',
        message: `the operation ${id} is gone; its handler in ${handlersFile(routes)} is kept`,
      }),
    ),
  );

/**
 * The files with a place in the handlers' interfaces for handlers that nobody calls any more: the
 * user's files go on compiling until they are tidied up. Of a tag that is gone altogether, the
 * interface is left, as long as there is a handlers file that asks for it.
 */
export function withGoneHandlers(
  files: readonly PlannedFile[],
  changes: readonly FileChange[],
  gone: readonly GoneHandlers[],
): PlannedFile[] {
  const keptIn = new Map(gone.map(({ routes, kept }) => [routes, kept]));
  const extended = files.map((file) => {
    const kept = keptIn.get(file.path) ?? [];
    return kept.length === 0 ? file : { ...file, content: extendInterface(file.content, kept) };
  });
  const present = new Set(changes.filter(({ owner }) => owner === 'user').map(({ path }) => path));
  const leftovers = changes
    .filter(
      ({ path, action }) => action === 'removed' && path.endsWith(ROUTES) && present.has(handlersFile(path)),
    )
    .map(
      ({ path, previous = '' }): PlannedFile => ({
        path,
        content: leftover(previous, handlersFile(path), keptIn.get(path) ?? []),
        owner: 'generated',
      }),
    );
  return [...extended, ...leftovers];
}

const GONE = '(request: any, context: any) => unknown';

const goneMembers = (ids: readonly string[]): string =>
  ids
    .map((id) => `  /** @deprecated Gone from the contract: nobody calls it. */\n  ${id}?: ${GONE};\n`)
    .join('');

const extendInterface = (text: string, ids: readonly string[]): string =>
  text.replace(INTERFACE, (whole) => whole.replace(/\}$/, `${goneMembers(ids)}}`));

/** A printed handlers interface, to the bracket that closes it. */
const INTERFACE = /^export interface [\p{ID_Continue}$]+Handlers \{\n[\s\S]*?^\}/mu;

function leftover(previous: string, handlers: string, ids: readonly string[]): string {
  const [, name = 'Handlers'] = /^export interface ([\p{ID_Continue}$]+Handlers) \{$/mu.exec(previous) ?? [];
  return `${HEADER}
/** What is left of operations that are gone from the contract, for ${handlers}: remove that, and this goes too. */
export interface ${name} {
${goneMembers(ids)}}
`;
}

/** The members of a printed handlers interface: `  getPet: KoaHandler<...>;`. */
const liveOperations = (text: string): string[] =>
  [...text.matchAll(/^ {2}([\p{ID_Continue}$]+): \w+Handler</gmu)].map(([, id = '']) => id);

/** `  getPet?: (request: any, ...`. */
const goneOperations = (text: string): string[] =>
  [...text.matchAll(/^ {2}([\p{ID_Continue}$]+)\?: \(request: any/gmu)].map(([, id = '']) => id);
