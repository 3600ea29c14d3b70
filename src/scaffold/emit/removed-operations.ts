import type { Diagnostic } from '../../core/diagnostic.ts';
import type { FileChange } from '../../core/file-changes.ts';

/** Operations that the folder's routers still have and the document has no more: their handlers stay. */
export function removedOperations(changes: readonly FileChange[]): Diagnostic[] {
  const routers = changes.filter(({ path }) => path.endsWith(ROUTES));
  const kept = new Set(routers.flatMap(({ content = '' }) => operationIds(content)));
  return routers.flatMap(({ path, previous = '' }) =>
    operationIds(previous)
      .filter((id) => !kept.has(id))
      .map((id): Diagnostic => {
        const file = path.replace(ROUTES, '.handlers.ts');
        return {
          code: 'SCF020',
          severity: 'warning',
          message: `the operation ${id} is gone; its handler in ${file} is kept`,
        };
      }),
  );
}

const ROUTES = '.routes.ts';

/** The members of a printed handlers interface: `  getPet: KoaHandler<...>;`. */
const operationIds = (text: string): string[] =>
  [...text.matchAll(/^ {2}([\p{ID_Continue}$]+): \w+Handler</gmu)].map(([, id = '']) => id);
