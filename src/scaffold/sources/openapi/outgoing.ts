import { NameRegistry } from '../../../core/names.ts';
import type { Operation } from '../../model/api.ts';
import { isJsonObject } from '../../model/json.ts';
import { type FoundOperation, operationNamer, operationsOfPath, readOperation } from './operations.ts';
import { enter, type Site } from './references.ts';
import { resolved } from './resolved.ts';
import type { SchemaReader } from './schemas.ts';

/** Requests that the service sends: webhooks of the document and callbacks of its operations. */
export function readOutgoing(reader: SchemaReader, root: Site): Operation[] {
  const claim = operationNamer(reader);
  return foundOutgoing(reader, root).map((found) => {
    const { parameters: _, ...operation } = readOperation(reader, root, found, claim(found));
    // The address is an expression of the subscriber's; there is no path of ours to agree with.
    return { ...operation, parameters: [] };
  });
}

function foundOutgoing(reader: SchemaReader, root: Site): FoundOperation[] {
  const found: FoundOperation[] = [];
  const addAll = (group: Site, prefix: string): void => {
    if (!isJsonObject(group.value)) return;
    for (const name of Object.keys(group.value)) {
      if (name.startsWith('x-')) continue;
      const path = `${prefix} ${name.replaceAll(/[{}]/g, ' ')}`;
      for (const operation of operationsOfPath(reader, enter(group, name)))
        found.push({ ...operation, path });
    }
  };
  addAll(enter(root, 'webhooks'), '');
  addAll(enter(root, 'x-webhooks'), '');
  for (const { callbacks, path } of callbackGroups(reader, root)) addAll(callbacks, path);
  return found;
}

function callbackGroups(reader: SchemaReader, root: Site): { callbacks: Site; path: string }[] {
  const paths = enter(root, 'paths');
  if (!isJsonObject(paths.value)) return [];
  const names = new NameRegistry();
  const own = Object.keys(paths.value).filter((path) => path.startsWith('/'));
  return own.flatMap((path) =>
    [...operationsOfPath(reader, enter(paths, path))].flatMap(({ site }) => {
      const callbacks = enter(site, 'callbacks');
      if (!isJsonObject(callbacks.value)) return [];
      return Object.keys(callbacks.value).map((name) => ({
        callbacks: resolved(reader, enter(callbacks, name)),
        path: names.claim(name),
      }));
    }),
  );
}
