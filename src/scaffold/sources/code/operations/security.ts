import type { JsonObject } from '../../../model/json.ts';
import type { Instance } from '../frameworks/fastify-instance.ts';
import type { Stage } from '../handlers/follow.ts';
import { rootOf } from '../interpret/calls.ts';
import { isTrue } from '../interpret/operators.ts';
import { type CallValue, nameOfCallee, textOf, type Value } from '../value.ts';
import { keepsSessions } from './session-cookie.ts';

/** What a stage asks of who sends a request. */
export interface Asked {
  readonly scheme: string;
  readonly definition: JsonObject;
  /** Whether requests without it are let through too. */
  readonly optional: boolean;
  /** Whether a package asks, whose answers are not in the sources. */
  readonly packaged: boolean;
}

const BEARER: JsonObject = { type: 'http', scheme: 'bearer' };
const BASIC: JsonObject = { type: 'http', scheme: 'basic' };

const asked = (scheme: string, definition: JsonObject, optional = false): Asked => ({
  scheme,
  definition,
  optional,
  packaged: false,
});

/**
 * What each stage asks of who sends a request. What one only reads, and keeps what it found on the request, is asked for
 * by the stage behind it that refuses requests without that.
 */
export function askedByStages(stages: readonly Stage[], cookie: string): (readonly Asked[])[] {
  const asked = stages.map((stage) => askedBy(stage, cookie));
  const isRequired = (stage: Stage): boolean =>
    asked[stages.indexOf(stage)]?.some(({ optional }) => !optional) === true;
  const linked = new Set<Stage>();
  for (const [at, stage] of stages.entries()) {
    if (isRequired(stage) || !refusesClearly(stage)) continue;
    const givers = stages.slice(0, at).filter((giver) => leaves(giver, stage));
    if (givers.some(isRequired) || givers.every((giver) => linked.has(giver))) continue;
    const ways = givers.flatMap((giver) => credentialsOf(giver, cookie));
    if (ways.length === 0) continue;
    asked[at] = ways.filter(({ scheme }, first) => ways.findIndex((way) => way.scheme === scheme) === first);
    for (const giver of givers) {
      linked.add(giver);
      asked[stages.indexOf(giver)] = [];
    }
  }
  return asked;
}

/** What a stage says of security: a package's middleware by its name, a function of the sources by what it reads. */
function askedBy(stage: Stage, cookie: string): readonly Asked[] {
  const packaged = packagedBy(stage);
  return packaged.length > 0 ? packaged : fromReads(stage, cookie);
}

function packagedBy({ handler, calls }: Stage): readonly Asked[] {
  const packaged = [handler, ...calls].flatMap((value) => (value.kind === 'call' ? fromPackage(value) : []));
  if (handler.kind === 'external') packaged.push(...fromDecorator(handler));
  return packaged;
}

/** Where packages keep who has signed in. */
const SIGNED_IN: ReadonlySet<string> = new Set(['user', 'auth', 'state.user']);

/** Whether a stage keeps on the request what a stage behind it looks for. */
function leaves(giver: Stage, { kept }: Stage): boolean {
  const wanted = new Set(kept.flatMap(({ name, isSet }) => (isSet ? [] : [name])));
  if (giver.kept.some(({ name, isSet }) => isSet && wanted.has(name))) return true;
  const isPackage = packagedBy(giver).length > 0 || isPassportSession(giver);
  return isPackage && [...SIGNED_IN].some((name) => wanted.has(name));
}

/** `app.use(passport.session())` lets everybody through, and knows who has a session. */
const isPassportSession = ({ handler }: Stage): boolean =>
  isOfPassport(handler) && nameOfCallee(handler) === 'session';

const isOfPassport = (handler: Value): handler is CallValue => {
  const root = handler.kind === 'call' ? rootOf(handler) : undefined;
  return handler.kind === 'call' && root?.kind === 'external' && /passport$/.test(root.package);
};

/** The credentials that a stage makes use of, as those that another one insists on. */
function credentialsOf(stage: Stage, cookie: string): Asked[] {
  const packaged = isPassportSession(stage)
    ? [asked('sessionCookie', { type: 'apiKey', in: 'cookie', name: cookie })]
    : packagedBy(stage);
  if (packaged.length > 0) return packaged.map((one) => ({ ...one, optional: false, packaged: false }));
  return stage.reads.flatMap(
    ({ part, path: [name = ''] }) => credentialIn(stage, part, name, false, cookie) ?? [],
  );
}

/** Names of what is known of who has signed in. */
const PERSON =
  /^(?:(?:state|locals|request)\.)?\w*(?:user|auth|account|principal|identity|claims|jwt|token)\w*$/i;

/** The functions that refuse requests without something that nobody is known to put there: how it gets there is unclear. */
export function unclearRefusals(stages: readonly Stage[], asked: readonly (readonly Asked[])[]): Stage[] {
  if (asked.flat().some(({ optional }) => !optional)) return [];
  return stages.filter(
    (stage) => refusesClearly(stage) && stage.kept.some(({ name, isSet }) => !isSet && PERSON.test(name)),
  );
}

/** What packages put on Fastify instances, used as a hook. */
function fromDecorator({ package: from, path }: Extract<Value, { kind: 'external' }>): readonly Asked[] {
  if (from !== 'fastify') return [];
  const [, name] = path;
  if (name === 'basicAuth') return [{ ...asked('basicAuth', BASIC), packaged: true }];
  return name === 'verifyBearerAuth' ? [{ ...asked('bearerAuth', BEARER), packaged: true }] : [];
}

/** `@fastify/bearer-auth` asks for a token on every route of the instance it is registered on, and below. */
export function askedByPlugins(instance: Instance | undefined): readonly Asked[] {
  for (let at = instance; at !== undefined; at = at.parent) {
    for (const { plugin, options } of at.plugins) {
      if (plugin.kind !== 'external' || plugin.package !== '@fastify/bearer-auth') continue;
      const hook = options.kind === 'object' ? options.properties.get('addHook') : undefined;
      if (hook === undefined || isTrue(hook) !== false)
        return [{ ...asked('bearerAuth', BEARER), packaged: true }];
    }
  }
  return [];
}

const SECURE_NAME = /auth|jwt|passport|session|permission|guard|oidc|keycloak|clerk/i;

/** A package's middleware that looks as if it asked for credentials, in a way that is not known. */
export function unclearGuard(handler: Value): string | undefined {
  const root = rootOf(handler);
  if (handler.kind === 'function' || root?.kind !== 'external' || root.package === '') return undefined;
  if (Object.hasOwn(PACKAGES, root.package) || keepsSessions(root.package)) return undefined;
  const name = [root.package, ...root.path].join('.');
  return SECURE_NAME.test(name) ? name.replace('fastify.*.', 'fastify.') : undefined;
}

type PackageReader = (name: string, call: CallValue) => readonly Asked[];

const bearer: PackageReader = (_name, { args: [options] }) => {
  const required = options?.kind === 'object' ? options.properties.get('credentialsRequired') : undefined;
  const passthrough = options?.kind === 'object' ? options.properties.get('passthrough') : undefined;
  const optional =
    (required?.kind === 'constant' && required.value === false) ||
    (passthrough?.kind === 'constant' && passthrough.value === true);
  return [asked('bearerAuth', BEARER, optional)];
};

const basic: PackageReader = () => [asked('basicAuth', BASIC)];

const passport: PackageReader = (name, { args: [strategies] }) => {
  if (name !== 'authenticate') return [];
  const names = strategies?.kind === 'list' ? strategies.items.map(textOf) : [textOf(strategies)];
  const optional = names.includes('anonymous');
  return names.flatMap((strategy) => {
    if (strategy === undefined) return [];
    if (/jwt|bearer|token/i.test(strategy)) return [asked('bearerAuth', BEARER, optional)];
    if (/^basic$|^http$/i.test(strategy)) return [asked('basicAuth', BASIC, optional)];
    if (/api-?key/i.test(strategy))
      return [asked('apiKeyAuth', { type: 'apiKey', in: 'header', name: 'X-API-Key' }, optional)];
    if (strategy === 'session')
      return [asked('sessionCookie', { type: 'apiKey', in: 'cookie', name: 'connect.sid' }, optional)];
    return [];
  });
};

/** Packages whose middleware means security, by the function that makes it. */
const PACKAGES: Readonly<Record<string, PackageReader>> = {
  'express-jwt': (name, call) => (/^$|jwt/i.test(name) ? bearer(name, call) : []),
  'koa-jwt': bearer,
  'express-oauth2-jwt-bearer': (name, call) => (name === 'auth' ? bearer(name, call) : []),
  'express-basic-auth': basic,
  'koa-basic-auth': basic,
  passport,
  'koa-passport': passport,
  '@fastify/passport': passport,
};

function fromPackage(call: CallValue): readonly Asked[] {
  const root = rootOf(call);
  if (root?.kind !== 'external' || !Object.hasOwn(PACKAGES, root.package)) return [];
  const asked = PACKAGES[root.package]?.(nameOfCallee(call), call) ?? [];
  // With a function of its own to answer, a package does not answer itself.
  const packaged = !call.args.some(({ kind }) => kind === 'function');
  return asked.map((one) => ({ ...one, packaged }));
}

/**
 * What passport answers by itself where it does not say who asks: 401, or where it sends people to: the page that
 * was named, or, of strategies that are none of ours, whoever signs them in.
 */
export function passportAnswers(handler: Value): readonly string[] {
  if (!isOfPassport(handler)) return [];
  if (nameOfCallee(handler) !== 'authenticate' || handler.args.some(({ kind }) => kind === 'function'))
    return [];
  const [strategy, options] = handler.args;
  const redirect = options?.kind === 'object' ? options.properties.get('failureRedirect') : undefined;
  if (redirect !== undefined) return ['302'];
  return isKnownStrategy(strategy) ? ['401'] : ['302', '401'];
}

const isKnownStrategy = (strategy: Value | undefined): boolean =>
  /jwt|bearer|token|basic|http|key|local|session|anonymous|custom|ldap/i.test(textOf(strategy) ?? 'custom');

/** Names of headers, query parameters and cookies that carry a credential. */
const KEY_NAME =
  /(?:^|[-_])(?:api[-_]?key|apikey|(?:access|auth|session|api|admin|secret)[-_]?token|x-token|token|secret|jwt|session(?:id)?|sid)$|api[-_]?key/i;

function fromReads(stage: Stage, cookie: string): readonly Asked[] {
  const refuses = refusal(stage);
  if (refuses === 'never' && stage.isHandler) return [];
  const optional = refuses === 'never';
  const found = new Map<string, Asked>();
  for (const { part, path } of stage.reads) {
    const [name = ''] = path;
    // A session holds more than who somebody is: that something may fail where it is read refuses nobody.
    if (name === 'session' && refuses === 'perhaps') continue;
    const one = credentialIn(stage, part, name, optional, cookie);
    // What a handler does with a session may be that it begins one.
    if (one === undefined || (name === 'session' && stage.isHandler && !looksIntoSession(stage))) continue;
    if (refuses !== 'never' || name === 'authorization' || name === 'jwtVerify') found.set(one.scheme, one);
  }
  return [...found.values()];
}

const credentialIn = (
  stage: Stage,
  part: string,
  name: string,
  optional: boolean,
  cookie: string,
): Asked | undefined =>
  part === 'headers' && name === 'authorization'
    ? fromAuthorization(stage, optional)
    : keyOf(part, name, optional, cookie);

/** Whether a handler answers 401 by what a session holds, and puts nothing into it. */
function looksIntoSession(stage: Stage): boolean {
  const kept = stage.kept.filter(({ name }) => name === 'session' || name.startsWith('session.'));
  return (
    refusesClearly(stage) &&
    kept.some(({ name, isSet }) => !isSet && name !== 'session') &&
    !kept.some(({ isSet }) => isSet)
  );
}

function keyOf(part: string, name: string, optional: boolean, cookie: string): Asked | undefined {
  if (part === 'request') {
    // @fastify/jwt answers 401 by itself.
    if (name === 'jwtVerify')
      return {
        ...asked('bearerAuth', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }),
        packaged: true,
      };
    if (name === 'isAuthenticated' || name === 'session')
      return asked('sessionCookie', { type: 'apiKey', in: 'cookie', name: cookie }, optional);
    return undefined;
  }
  if (!KEY_NAME.test(name)) return undefined;
  const place =
    part === 'headers' ? 'header' : part === 'cookies' ? 'cookie' : part === 'query' ? 'query' : undefined;
  if (place === undefined) return undefined;
  return asked(
    `${camel(name)}${place === 'header' ? '' : place === 'cookie' ? 'Cookie' : 'Query'}`,
    { type: 'apiKey', in: place, name },
    optional,
  );
}

const camel = (name: string): string =>
  name
    .replace(/^[^a-z]+/i, '')
    .replaceAll(/[^a-z0-9]+([a-z0-9])/gi, (_all, letter: string) => letter.toUpperCase());

/** Which scheme of the Authorization header the functions that read it speak of. */
function fromAuthorization(stage: Stage, optional: boolean): Asked {
  const text = stage.entered
    .slice(0, 50)
    .map(({ origin: { file, node } }) => file.text.slice(node.start, Math.min(node.end, node.start + 5_000)))
    .join('\n');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  if (/['"`/^]\s*Bearer\b/i.test(code)) return asked('bearerAuth', BEARER, optional);
  if (/['"`/^]\s*Basic\b/i.test(code)) return asked('basicAuth', BASIC, optional);
  if (/\bverify\w*\s*\(|jwt|jsonwebtoken/i.test(code) && !/['"`]\s*Token\b/.test(code))
    return asked('bearerAuth', BEARER, optional);
  return asked('authorization', { type: 'apiKey', in: 'header', name: 'Authorization' }, optional);
}

/**
 * Whether a stage turns requests away: answers 401 or 403, or throws or hands on an error of such a kind; perhaps,
 * where nothing is known of the error.
 */
function refusal({ answers, statuses, thrown, reads }: Stage): 'always' | 'perhaps' | 'never' {
  const answered = [...answers.map(({ status }) => status), ...statuses];
  if (answered.some((status) => status === 401 || status === 403)) return 'always';
  // Pages send people who are not signed in elsewhere.
  const isPage = reads.some(({ part, path }) => part === 'request' && path[0] === 'isAuthenticated');
  if (isPage && answered.some((status) => status !== 'default' && status >= 300 && status < 400))
    return 'always';
  const isSaid = ({ standing }: Stage['thrown'][number]): boolean =>
    standing.some(({ status }) => status === 401 || status === 403);
  const refusing = thrown.filter((error) => isSaid(error) || isRefusal(error.value));
  if (refusing.length === 0) return 'never';
  return refusing.every((error) => error.value.kind === 'unknown' && !isSaid(error)) ? 'perhaps' : 'always';
}

/** Whether a stage says itself that it turns people away: 401, or in front of a handler 403 as well. */
function refusesClearly({ isHandler, answers, statuses, thrown }: Stage): boolean {
  const isSaid = (status: unknown): boolean => status === 401 || (status === 403 && !isHandler);
  return (
    answers.some(({ status }) => isSaid(status)) ||
    statuses.some(isSaid) ||
    thrown.some(
      ({ value, standing }) => standing.some(({ status }) => isSaid(status)) || saysStatus(value, isSaid),
    )
  );
}

/** Whether an error has a status of its own that is meant. */
function saysStatus(value: Value, isMeant: (status: unknown) => boolean): boolean {
  if (value.kind === 'choice') return value.options.some((option) => saysStatus(option, isMeant));
  if (value.kind === 'object') {
    if (/Unauthori[sz]ed/i.test(value.class?.node.id?.name ?? '')) return true;
    return ['status', 'statusCode', 'code'].some((name) => {
      const status = value.properties.get(name);
      return status?.kind === 'constant' && isMeant(status.value);
    });
  }
  if (value.kind !== 'call') return false;
  const [first] = value.args;
  return (first?.kind === 'constant' && isMeant(first.value)) || /Unauthori[sz]ed/i.test(nameOfCallee(value));
}

function isRefusal(value: Value): boolean {
  if (value.kind === 'choice') return value.options.some(isRefusal);
  if (value.kind === 'object') {
    if (/Unauthori[sz]ed|Forbidden|Auth/i.test(value.class?.node.id?.name ?? '')) return true;
    if (textOf(value.properties.get('name')) === 'Error' && value.class === undefined) return true;
    return ['status', 'statusCode', 'code'].some((name) => {
      const status = value.properties.get(name);
      return status?.kind === 'constant' && (status.value === 401 || status.value === 403);
    });
  }
  if (value.kind !== 'call') return value.kind === 'unknown';
  const names = /Unauthori[sz]ed|Forbidden|Auth/i;
  const [first] = value.args;
  if (first?.kind === 'constant' && (first.value === 401 || first.value === 403)) return true;
  return value.callee.kind === 'external' || value.callee.kind === 'member'
    ? names.test(nameOfCallee(value)) || nameOfCallee(value) === 'Error'
    : false;
}
