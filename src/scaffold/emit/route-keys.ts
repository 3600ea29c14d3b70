import { camelCase } from '../../core/names.ts';

/** The name of a path parameter in a route: every framework takes plain identifiers, and few take more. */
export function routeKey(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const key = camelCase(name).replaceAll(
    /[^A-Za-z0-9_]/g,
    (character) => `_${character.codePointAt(0)?.toString(16)}`,
  );
  return /^[A-Za-z_]/.test(key) ? key : `_${key}`;
}
