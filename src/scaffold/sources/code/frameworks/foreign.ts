import { rootOf } from '../interpret/calls.ts';
import type { CallSite, Value } from '../value.ts';
import { NO_PATH } from './router.ts';

/** Packages and functions that serve files or pages, which are no operations. */
const FILES =
  /^(?:express\.static|(?:koa-|express-)?(?:serve-)?static(?:-cache)?|serve-(?:static|index|favicon)|sirv|koa-(?:send|favicon)|@koa\/send|@fastify\/static|(?:@fastify\/|express-|koa2?-|fastify-)?swagger-ui(?:-express|-koa)?|redoc-express|@scalar\/.*)(?:\.|$)/;

/** What answers requests by its name, whatever package it is of. */
const ROUTES = /(?:^|\.)(?:\w*[rR]outer|routes|\w*Handler|handler)$|proxy/i;

/** What only stands in front of other routes, by what such packages and functions are called. */
const MIDDLEWARE =
  /auth|jwt|passport|session|guard|permission|login|cors|helmet|csrf|csurf|secur|limit|slow-down|throttl|brute|logg|morgan|pino|winston|pars(?:er|e)|body|json|urlencoded|raw|text|cookie|compress|etag|conditional|cach|valid|celebrate|joi|zod|schema|sanitiz|xss|hpp|multer|upload|multipart|formidable|override|timeout|response-time|request-id|rtracer|context|i18n|locale|flash|sentry|trac|convert|compose|error|vary|expose|opentelemetry|newrelic|useragent|geoip|middleware$/i;

/** What a value of a package, or one of which nothing is known, is called: `agendash`, `swagger-ui-express.setup`. */
function nameOf(value: Value): string {
  const names: string[] = [];
  for (let at: Value = value, left = 100; left > 0; left -= 1) {
    if (at.kind === 'call') at = at.callee;
    else if (at.kind === 'member') {
      names.unshift(at.name);
      at = at.of;
    } else {
      if (at.kind === 'external') names.unshift(at.package, ...at.path);
      break;
    }
  }
  return names.filter((name) => name !== '').join('.');
}

/**
 * Names what is mounted and is not in the sources: what nothing is known of, files, and what packages answer below a
 * path. Middleware of packages is none of it: what it means for routes is told where they are described.
 */
export function reportForeign(value: Value, path: Value, isLast: boolean, site: CallSite): void {
  const { interpreter } = site.scope.frame;
  const root = rootOf(value);
  const name = nameOf(value);
  if (root?.kind === 'unknown') {
    const message =
      'what is mounted here cannot be told: its routes, or what it asks of requests, are missing from the document';
    interpreter.report('SCF075', 'warning', message, site.origin);
    return;
  }
  if (root?.kind !== 'external' || root.package === '') return;
  if (FILES.test(name)) {
    const message = `what ${name} serves here is in no operation of the document`;
    interpreter.report('SCF075', 'info', message, site.origin);
    return;
  }
  const isBelow = path !== NO_PATH && !(path.kind === 'constant' && /^[/*]*$/.test(String(path.value)));
  if (!ROUTES.test(name) && !(isLast && isBelow && !MIDDLEWARE.test(name))) return;
  const message = `what ${name} answers here cannot be told: it is missing from the document`;
  interpreter.report('SCF075', 'warning', message, site.origin);
}
