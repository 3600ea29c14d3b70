import { decoration } from '../frameworks/fastify-instance.ts';
import { keyOfValue } from '../interpret/classes.ts';
import type { FoundRoute } from '../routes.ts';
import {
  type CallSite,
  choice,
  constant,
  type Host,
  type HostValue,
  native,
  textOf,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { currentStatus, fileType } from './express.ts';
import { Attached, input, keptInput, lineOf, TEXT } from './inputs.ts';
import { httpError } from './koa.ts';
import { FILE, saidMediaType } from './media-types.ts';
import { statusOfName, type Trace } from './trace.ts';

export interface FastifyArguments {
  readonly request: HostValue;
  readonly reply: HostValue;
  readonly done: HostValue;
}

const PARTS: Readonly<Record<string, Parameters<typeof input>[1]>> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'headers',
  cookies: 'cookies',
};

/** What Fastify hands to handlers and hooks. */
export function fastifyArguments(trace: Trace, route: FoundRoute): FastifyArguments {
  const attached = new Attached(trace);
  const request: Host = {
    name: 'fastify.request',
    member: (name, site) =>
      attached.get(name) ??
      (name === 'method' ? lineOf(route, 'method') : undefined) ??
      (name === 'url' || name === 'originalUrl' ? lineOf(route, 'path') : undefined) ??
      requestMember(trace, name, site) ??
      (name === 'getDecorator' ? getDecorator : undefined) ??
      (name === 'setDecorator' ? setDecorator : undefined) ??
      decorated(route, 'request', name, self),
    // A body that was parsed or checked is still what the client sent.
    assign: (name, value, site) => {
      if (!Object.hasOwn(PARTS, name)) attached.set(name, value, site);
    },
  };
  const done = native('done', ([error], { origin }) => {
    if (error !== undefined && error.kind !== 'constant') trace.passedOn(error, origin);
    return UNKNOWN;
  });
  const self: HostValue = { kind: 'host', host: request };
  const getDecorator = native('getDecorator', ([name = UNKNOWN], site) => {
    const key = keyOfValue(name);
    return key === undefined ? UNKNOWN : (request.member?.(key, site) ?? UNKNOWN);
  });
  const setDecorator = native('setDecorator', ([name = UNKNOWN, value = UNKNOWN], site) => {
    const key = keyOfValue(name);
    if (key !== undefined) attached.set(key, value, site);
    return UNKNOWN;
  });
  return { request: self, reply: fastifyReply(trace, route), done };
}

/** A function that `decorateRequest` or `decorateReply` gave, called on what it is asked of. */
function decorated(
  { instance }: FoundRoute,
  side: 'request' | 'reply',
  name: string,
  self: HostValue,
): Value | undefined {
  const found = instance === undefined ? undefined : decoration(instance, `${side}.${name}`);
  return found?.kind === 'function' ? { ...found, self } : undefined;
}

function requestMember(trace: Trace, name: string, site: CallSite): Value | undefined {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === 'body') trace.read('body', [], site.origin);
  if (part !== undefined) return input(trace, part);
  // `await request.jwtVerify()` of @fastify/jwt answers 401 by itself.
  if (name === 'jwtVerify' || name === 'session') trace.read('request', [name], site.origin);
  if (FILES.has(name)) trace.read('request', ['files'], site.origin);
  if (name === 'session') return keptInput(trace, name);
  return TEXTS.has(name) ? TEXT(site) : undefined;
}

/** What @fastify/multipart puts on requests. */
const FILES: ReadonlySet<string> = new Set(['file', 'files', 'parts', 'formData', 'saveRequestFiles']);

const TEXTS: ReadonlySet<string> = new Set([
  'url',
  'originalUrl',
  'method',
  'ip',
  'id',
  'hostname',
  'protocol',
]);

type Method = (args: readonly Value[], site: CallSite) => Value | undefined;

function fastifyReply(trace: Trace, route: FoundRoute): HostValue {
  const methods = replyMethods(trace);
  const self: HostValue = {
    kind: 'host',
    host: {
      name: 'fastify.reply',
      member: (name) => {
        if (name === 'statusCode') return currentStatus(trace);
        // What is done with Node's own answer is not followed.
        if (name === 'raw' || name === 'res') answered(trace);
        const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
        if (method !== undefined) return native(name, (args, site) => method(args, site) ?? self);
        const own = decorated(route, 'reply', name, self);
        if (own !== undefined) return own;
        // @fastify/sensible: `reply.notFound('...')`
        const status = statusOfName(name);
        if (status === undefined) return undefined;
        return native(name, ([message = UNKNOWN], { origin }) => {
          trace.passedOn(httpError([constant(status), message]), origin);
          answered(trace);
          return UNKNOWN;
        });
      },
      assign: (name, value) => {
        if (name === 'statusCode') trace.setStatus(value);
      },
    },
  };
  return self;
}

/** What answers from here on is not the handler's value. */
const answered = (trace: Trace): void => trace.stand((standing) => ({ ...standing, sent: true }));

function replyMethods(trace: Trace): Readonly<Record<string, Method>> {
  const status: Method = ([value]) => void trace.setStatus(value);
  const header: Method = ([name, value]) => {
    if (textOf(name)?.toLowerCase() === 'content-type') setType(value);
    return undefined;
  };
  const setType = (value: Value | undefined): void => {
    const mediaType = saidMediaType(value);
    trace.stand((standing) => ({ ...standing, mediaType }));
  };
  return {
    code: status,
    status,
    send: ([body], { origin }) => {
      if (body !== undefined && isError(body)) {
        trace.passedOn(body, origin);
        answered(trace);
      } else trace.answer(body, origin);
      return undefined;
    },
    type: ([value]) => void setType(value),
    header,
    headers: ([fields]) => {
      for (const [name, value] of fields?.kind === 'object' ? fields.properties : [])
        if (name.toLowerCase() === 'content-type') setType(value);
      return undefined;
    },
    redirect: ([first, second], { origin }) => {
      const isCode = first?.kind === 'constant' && typeof first.value === 'number';
      const code = isCode ? first : second;
      trace.setStatus(code ?? constant(302));
      trace.answer(undefined, origin);
      return undefined;
    },
    view: (_args, { origin }) => void trace.answer(UNKNOWN, origin, { mediaType: 'text/html' }),
    sendFile: ([name], { origin }) => void trace.answer(FILE, origin, { mediaType: fileType(name) }),
    download: ([name], { origin }) => void trace.answer(FILE, origin, { mediaType: fileType(name) }),
    callNotFound: (_args, { origin }) => {
      trace.passedOn(httpError([constant(404)]), origin);
      answered(trace);
      return undefined;
    },
    setCookie: () => undefined,
    clearCookie: () => undefined,
    hijack: () => void answered(trace),
    serialize: ([value]) => value,
  };
}

/** An error that is sent is answered as one that is thrown. */
export const isError = (value: Value): boolean => {
  if (value.kind === 'choice') return value.options.some(isError);
  if (value.kind === 'call') {
    const name = value.callee.kind === 'external' ? (value.callee.path.at(-1) ?? value.callee.package) : '';
    return /Error$|errors$/.test(name);
  }
  return (
    value.kind === 'object' &&
    value.class !== undefined &&
    /Error|Exception/.test(value.class.node.id?.name ?? '')
  );
};

/** What a handler returns is sent, unless it is what was sent already. An error that is returned is one that is thrown. */
export function fastifyReturned(trace: Trace, returned: Value, origin: CallSite['origin']): void {
  const values = returned.kind === 'choice' ? returned.options : [returned];
  for (const value of values) if (isError(value)) trace.passedOn(value, origin);
  const sent = values.filter(
    (value) =>
      !isError(value) && value.kind !== 'host' && !(value.kind === 'constant' && value.value === undefined),
  );
  if (sent.length === 0) return;
  // What is not known may be the reply that was sent before.
  const known = sent.filter((value) => value.kind !== 'unknown' || value.type !== undefined);
  if (known.length === 0 && trace.answers.length > 0) return;
  trace.answer(choice(known.length === 0 ? sent : known), origin);
}
