import type { Trace } from '../handlers/trace.ts';
import { rootOf } from '../interpret/calls.ts';
import { textOf, type Value } from '../value.ts';

const PACKAGES: ReadonlySet<string> = new Set(['multer', '@koa/multer', 'koa-multer', 'fastify-multer']);

/**
 * The file fields of a multipart body: those that multer takes; undefined when the route takes none. What
 * @fastify/multipart gives (`request.file()`, `request.parts()`) is a file under any name.
 */
export function filesOf(handlers: readonly Value[], reads: Trace['reads']): readonly string[] | undefined {
  for (const handler of handlers) {
    const root = rootOf(handler);
    if (handler.kind !== 'call' || root?.kind !== 'external' || !PACKAGES.has(root.package)) continue;
    const { callee, args } = handler;
    const names = callee.kind === 'member' ? NAMES[callee.name]?.(args) : undefined;
    if (names !== undefined) return names;
  }
  return reads.some(({ part, path }) => part === 'request' && path[0] === 'files') ? [] : undefined;
}

const first = ([name]: readonly Value[]): string[] => [textOf(name)].filter((text) => text !== undefined);

const NAMES: Readonly<Record<string, (args: readonly Value[]) => string[]>> = {
  single: first,
  array: first,
  fields: ([list]) =>
    list?.kind === 'list'
      ? list.items.flatMap((item) =>
          item.kind === 'object' ? first([item.properties.get('name') ?? item]) : [],
        )
      : [],
  any: () => [],
  none: () => [],
};
