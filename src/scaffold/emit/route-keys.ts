import { camelCase } from '../../core/names.ts';
import type { Operation } from '../model/api.ts';
import { parameterNames, sameRoutes } from '../model/routes.ts';

/** The name of a path parameter in a route: every framework takes plain identifiers, and few take more. */
export function routeKey(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const key = camelCase(name).replaceAll(
    /[^A-Za-z0-9_]/g,
    (character) => `_${character.codePointAt(0)?.toString(16)}`,
  );
  return /^[A-Za-z_]/.test(key) ? key : `_${key}`;
}

/** Names of path parameters in the route, where an operation is served by the route of its twin. */
export type RouteNames = ReadonlyMap<Operation, ReadonlyMap<string, string>>;

/** For each operation with a twin before it: its path parameters' names to those of the first twin. */
export function twinNames(operations: readonly Operation[]): RouteNames {
  const names = new Map<Operation, ReadonlyMap<string, string>>();
  for (const [first, ...twins] of sameRoutes(operations)) {
    if (first === undefined || twins.length === 0) continue;
    const leading = parameterNames(first.path);
    for (const twin of twins) {
      names.set(twin, new Map(parameterNames(twin.path).map((name, at) => [name, leading[at] ?? name])));
    }
  }
  return names;
}
