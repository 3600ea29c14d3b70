import type { FoundRoute } from '../routes.ts';
import { type CallSite, choice, constant, type HostValue, native, UNKNOWN, type Value } from '../value.ts';
import { errorObject } from './errors.ts';
import { currentStatus } from './express.ts';
import { Attached, getter, input, keptInput, lineOf, TEXT } from './inputs.ts';
import { saidMediaType } from './media-types.ts';
import type { Status, Trace } from './trace.ts';

export interface KoaArguments {
  readonly context: HostValue;
  readonly next: HostValue;
}

/** What Koa hands to handlers; `answer` sends what the context holds in the end. */
export function koaArguments(trace: Trace, route: FoundRoute): KoaArguments {
  const attached = new Attached(trace);
  const response = side(
    (name) => (name === 'body' || name === 'status' ? contextMember(trace, name, SITELESS) : undefined),
    assign,
  );
  const request = side(
    (name, site) => lineMember(route, name) ?? requestMember(trace, name, site),
    (name, value, site) => {
      // A body that middleware has parsed is still what the client sent.
      if (!Object.hasOwn(PARTS, name) && name !== 'body') attached.set(`request.${name}`, value, site);
    },
    attached,
  );
  const context: HostValue = {
    kind: 'host',
    host: {
      name: 'koa.context',
      member: (name, site) => {
        if (name === 'request' || name === 'req') return request;
        if (name === 'response' || name === 'res') return response;
        return (
          attached.get(name) ??
          lineMember(route, name) ??
          contextMember(trace, name, site) ??
          requestMember(trace, name, site) ??
          methodOf(trace, name, context)
        );
      },
      assign: (name, value, site) => assign(name, value, site),
    },
  };
  return { context, next: native('next', () => UNKNOWN) };

  function assign(name: string, value: Value, site: CallSite): void {
    if (name === 'status') trace.setStatus(value);
    else if (name === 'body') trace.stand((standing) => ({ ...standing, body: value }));
    else if (name === 'type') {
      const mediaType = saidMediaType(value);
      trace.stand((standing) => ({ ...standing, mediaType }));
    } else attached.set(name, value, site);
  }
}

function side(
  member: (name: string, site: CallSite) => Value | undefined,
  assign: (name: string, value: Value, site: CallSite) => void,
  attached?: Attached,
): HostValue {
  return {
    kind: 'host',
    host: {
      name: 'koa.side',
      member: (name, site) => attached?.get(`request.${name}`) ?? member(name, site),
      assign,
    },
  };
}

// The members of the response's side that are asked for without a place have none to report.
const SITELESS = undefined;

function contextMember(trace: Trace, name: string, _site: CallSite | undefined): Value | undefined {
  if (name === 'status') return currentStatus(trace);
  if (name !== 'body') return undefined;
  return choice(trace.going.map(({ body = UNKNOWN }) => body));
}

const PARTS: Readonly<Record<string, Parameters<typeof input>[1]>> = {
  query: 'query',
  params: 'path',
  headers: 'headers',
  header: 'headers',
  cookies: 'cookies',
};

function requestMember(trace: Trace, name: string, site: CallSite): Value | undefined {
  if (name === 'body') {
    trace.read('body', [], site.origin);
    return input(trace, 'body');
  }
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part !== undefined) return input(trace, part);
  if (name === 'get') return getter(trace, 'headers');
  if (name === 'isAuthenticated' || name === 'session') {
    trace.read('request', [name], site.origin);
    return name === 'session' ? keptInput(trace, name) : undefined;
  }
  if (name === 'state') return keptInput(trace, name);
  return TEXTS.has(name) ? TEXT(site) : undefined;
}

function lineMember(route: FoundRoute, name: string): Value | undefined {
  if (name === 'method') return lineOf(route, 'method');
  return name === 'path' || name === 'url' || name === 'originalUrl' ? lineOf(route, 'path') : undefined;
}

const TEXTS: ReadonlySet<string> = new Set([
  'url',
  'originalUrl',
  'path',
  'method',
  'ip',
  'host',
  'hostname',
  'protocol',
  'origin',
  'href',
]);

function methodOf(trace: Trace, name: string, self: HostValue): Value | undefined {
  if (name === 'throw') {
    return native(name, (args, { origin }) => {
      trace.thrown(httpError(args), origin);
      trace.fail();
      return UNKNOWN;
    });
  }
  if (name === 'assert') {
    return native(name, ([, ...args], { origin }) => {
      trace.thrown(httpError(args), origin);
      return UNKNOWN;
    });
  }
  if (name === 'redirect') {
    return native(name, () => {
      trace.stand((standing) => ({
        ...standing,
        status: REDIRECTS.has(standing.status ?? 200) ? (standing.status ?? 302) : 302,
        body: REDIRECTING,
      }));
      return UNKNOWN;
    });
  }
  if (name === 'set') {
    return native(name, ([field, value]) => {
      const mediaType =
        field?.kind === 'constant' && String(field.value).toLowerCase() === 'content-type'
          ? saidMediaType(value)
          : undefined;
      if (mediaType !== undefined) trace.stand((standing) => ({ ...standing, mediaType }));
      return self;
    });
  }
  return undefined;
}

/** The statuses that a redirect leaves as they are; one that cannot be told may be any of them. */
const REDIRECTS: ReadonlySet<Status> = new Set<Status>([300, 301, 302, 303, 305, 307, 308, 'default']);

/** The text that Koa sends along, which nobody reads. */
const REDIRECTING = constant('Redirecting to another place.');

/** What `ctx.throw(404, 'Not found', { code })` throws: the arguments in any order, as http-errors takes them. */
export function httpError(given: readonly Value[]): Value {
  const args = given.map(errorObject);
  const properties = new Map<string, Value>();
  for (const argument of args) {
    if (argument.kind === 'constant' && typeof argument.value === 'number') {
      properties.set('status', argument);
      properties.set('statusCode', argument);
    } else if (argument.kind === 'object') {
      for (const [name, value] of argument.properties) properties.set(name, value);
    } else if (argument.kind !== 'constant' || typeof argument.value === 'string') {
      if (!properties.has('status') && argument.kind !== 'constant') properties.set('status', argument);
      else properties.set('message', argument);
    }
  }
  return { kind: 'object', properties, open: true };
}

/** What the context holds when everything has run: 404 when nobody set anything, 204 for an empty body. */
export function koaAnswer(trace: Trace, origin: CallSite['origin']): void {
  for (const { status, body, mediaType } of trace.going) {
    if (body === undefined && status === undefined) continue;
    const isEmpty =
      body === undefined ||
      body === REDIRECTING ||
      (body.kind === 'constant' && (body.value === null || body.value === undefined));
    trace.answers.push({
      status: status ?? (isEmpty ? 204 : 200),
      origin,
      ...(isEmpty ? {} : { body }),
      ...(mediaType === undefined ? {} : { mediaType }),
    });
  }
}
