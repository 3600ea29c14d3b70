import { rootOf } from '../interpret/calls.ts';
import type { FoundRoute } from '../routes.ts';
import type { Origin } from '../source-file.ts';
import { optionsOf, textOf, type Value } from '../value.ts';

/** What the cookies of sessions are called by the packages that keep them, and the options that call them otherwise. */
const SESSIONS: Readonly<Record<string, { readonly cookie: string; readonly options: readonly string[] }>> = {
  'express-session': { cookie: 'connect.sid', options: ['name', 'key'] },
  'cookie-session': { cookie: 'session', options: ['name'] },
  'koa-session': { cookie: 'koa.sess', options: ['key'] },
  'koa-generic-session': { cookie: 'koa.sid', options: ['key'] },
  '@fastify/session': { cookie: 'sessionId', options: ['cookieName'] },
  'fastify-session': { cookie: 'sessionId', options: ['cookieName'] },
  '@fastify/secure-session': { cookie: 'session', options: ['cookieName', 'sessionName'] },
  'fastify-secure-session': { cookie: 'session', options: ['cookieName', 'sessionName'] },
};

/** What sessions are called where nothing says who keeps them: as the framework's usual package does. */
const USUAL_SESSION: Readonly<Record<FoundRoute['router']['framework'], string>> = {
  express: 'connect.sid',
  fastify: 'sessionId',
  koa: 'koa.sess',
};

/** The cookie of a route's sessions. */
interface SessionCookie {
  readonly name: string;
  /** Why another name is as likely, and where. */
  readonly doubt?: { readonly message: string; readonly origin: Origin };
}

/** What the cookie of a route's sessions is called. */
export function sessionCookie({ before, handlers, instance, router }: FoundRoute): SessionCookie {
  for (const handler of [...before, ...handlers]) {
    if (handler.kind !== 'call') continue;
    const found = cookieOf(rootOf(handler), handler.args, handler.origin);
    if (found !== undefined) return found;
  }
  for (let at = instance; at !== undefined; at = at.parent) {
    for (const { plugin, options, site } of at.plugins) {
      const found = cookieOf(plugin, [options], site.origin);
      if (found !== undefined) return found;
    }
  }
  const name = USUAL_SESSION[router.framework];
  const message = `what keeps the sessions here is not in the sources: their cookie is written as ${name}`;
  return { name, doubt: { message, origin: router.origin } };
}

/** The cookie of a package that keeps sessions; undefined of anything else. */
function cookieOf(
  keeper: Value | undefined,
  args: readonly Value[],
  origin: Origin,
): SessionCookie | undefined {
  const known =
    keeper?.kind === 'external' && Object.hasOwn(SESSIONS, keeper.package)
      ? SESSIONS[keeper.package]
      : undefined;
  if (known === undefined) return undefined;
  // Some take several sessions, others the application beside the options.
  const given = args.flatMap((argument) => (argument.kind === 'list' ? argument.items : [argument]));
  const name = given
    .flatMap((options) => known.options.map((option) => memberIn(options, option)))
    .find((value) => value !== undefined);
  const texts = name === undefined ? [known.cookie] : optionsOf(name).map(textOf);
  const [only = known.cookie] = texts.filter((text) => text !== undefined);
  const isTold =
    texts.length === 1 && texts[0] !== undefined && !given.some((options) => mayHaveMore(options, name));
  if (isTold) return { name: only };
  const message = `what the cookie of sessions is called cannot be told: it is written as ${only}`;
  return { name: only, doubt: { message, origin } };
}

const memberIn = (value: Value, name: string): Value | undefined =>
  value.kind === 'object' ? value.properties.get(name) : undefined;

/** Whether options that are not known may say what no known one says. */
const mayHaveMore = (options: Value, found: Value | undefined): boolean =>
  found === undefined &&
  (options.kind === 'object'
    ? options.open
    : options.kind !== 'host' && !(options.kind === 'constant' && options.value === undefined));

/** Whether a package keeps sessions, and so asks nothing of requests. */
export const keepsSessions = (name: string): boolean => Object.hasOwn(SESSIONS, name);
