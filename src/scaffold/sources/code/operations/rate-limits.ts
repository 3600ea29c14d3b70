import type { Instance } from '../frameworks/fastify-instance.ts';
import { rootOf } from '../interpret/calls.ts';
import { isTrue } from '../interpret/operators.ts';
import type { FoundRoute } from '../routes.ts';
import type { Value } from '../value.ts';

/** Packages whose middleware answers 429. */
const LIMITERS: ReadonlySet<string> = new Set([
  'express-rate-limit',
  'koa-ratelimit',
  'koa2-ratelimit',
  'express-brute',
  '@koa-x/rate-limit',
]);

/** What limits a route, with the package's options; undefined when nothing does. */
export function limiterOf(route: FoundRoute): { readonly options: Value | undefined } | undefined {
  for (const handler of [...route.before, ...route.handlers]) {
    const root = rootOf(handler);
    if (handler.kind === 'call' && root?.kind === 'external' && LIMITERS.has(root.package))
      return { options: handler.args[0] };
  }
  return route.instance === undefined ? undefined : pluginLimiter(route.instance, route.options);
}

/** `@fastify/rate-limit`: for every route unless `global: false`, then for those that have a limit of their own. */
function pluginLimiter(
  instance: Instance,
  options: Value | undefined,
): { readonly options: undefined } | undefined {
  const config = options?.kind === 'object' ? options.properties.get('config') : undefined;
  const own = config?.kind === 'object' ? config.properties.get('rateLimit') : undefined;
  if (own !== undefined && isTrue(own) === false) return undefined;
  for (let at: Instance | undefined = instance; at !== undefined; at = at.parent) {
    for (const { plugin, options: given } of at.plugins) {
      if (plugin.kind !== 'external' || plugin.package !== '@fastify/rate-limit') continue;
      const global = given.kind === 'object' ? given.properties.get('global') : undefined;
      if (own !== undefined || global === undefined || isTrue(global) !== false)
        return { options: undefined };
    }
  }
  return undefined;
}
