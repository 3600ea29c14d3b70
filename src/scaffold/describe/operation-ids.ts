import { words } from '../../core/names.ts';
import type { FoundOperation } from './contract.ts';

/**
 * A name for every operation: the one that the sources give it, the name of its handler where no other operation has
 * it, else method and path (`getUsersById`).
 */
export function operationIds(operations: readonly FoundOperation[]): Map<FoundOperation, string> {
  const handlers = new Map<string, number>();
  for (const { handlerName } of operations) {
    if (handlerName !== undefined) handlers.set(handlerName, (handlers.get(handlerName) ?? 0) + 1);
  }
  const taken = new Set(operations.flatMap(({ operationId }) => operationId ?? []));
  const given = new Set<string>();
  const ids = new Map<FoundOperation, string>();
  for (const operation of operations) {
    const { operationId, handlerName, method, path } = operation;
    const isOwn =
      handlerName !== undefined &&
      handlers.get(handlerName) === 1 &&
      handlerName.length > 4 &&
      !taken.has(handlerName);
    const wanted =
      operationId !== undefined && !given.has(operationId)
        ? operationId
        : isOwn
          ? handlerName
          : byPath(method, path);
    let id = wanted;
    for (let at = 2; given.has(id) || (id !== operationId && taken.has(id)); at += 1) id = `${wanted}${at}`;
    given.add(id);
    ids.set(operation, id);
  }
  return ids;
}

function byPath(method: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  const named = parts.flatMap((part) => (part.startsWith('{') ? ['by', ...words(part)] : words(part)));
  return [method, ...named]
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
