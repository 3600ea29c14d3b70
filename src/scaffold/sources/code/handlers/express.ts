import { callFunction } from '../interpret/calls.ts';
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
import { Attached, getter, input, keptInput, lineOf, TEXT } from './inputs.ts';
import { ANY_TYPE, FILE, mediaTypeOf, saidMediaType } from './media-types.ts';
import { statusesOf, type Trace } from './trace.ts';

/** What Express hands to handlers. */
export interface ExpressArguments {
  readonly request: HostValue;
  readonly response: HostValue;
  readonly next: HostValue;
}

const PARTS: Readonly<Record<string, Parameters<typeof input>[1]>> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'headers',
  cookies: 'cookies',
  signedCookies: 'cookies',
};

export function expressArguments(trace: Trace, route: FoundRoute): ExpressArguments {
  const attached = new Attached(trace);
  const response = expressResponse(trace);
  const request: Host = {
    name: 'express.request',
    member: (name, site) =>
      attached.get(name) ??
      (name === 'method' ? lineOf(route, 'method') : undefined) ??
      (name === 'originalUrl' ? lineOf(route, 'path') : undefined) ??
      requestMember(trace, name, site) ??
      (name === 'res' ? response : undefined),
    // A body that was parsed or checked is still what the client sent.
    assign: (name, value, site) => {
      if (!Object.hasOwn(PARTS, name)) attached.set(name, value, site);
    },
  };
  const next = native('next', ([error], site) => {
    if (
      error === undefined ||
      (error.kind === 'constant' && (error.value === undefined || error.value === null))
    ) {
      trace.handedOn ||= trace.standing.some(({ sent }) => sent !== true);
      return UNKNOWN;
    }
    const text = textOf(error);
    if (text !== 'route' && text !== 'router') trace.passedOn(error, site.origin);
    return UNKNOWN;
  });
  return { request: { kind: 'host', host: request }, response, next };
}

function requestMember(trace: Trace, name: string, site: CallSite): Value | undefined {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === 'body') trace.read('body', [], site.origin);
  if (part !== undefined) return input(trace, part);
  if (name === 'get' || name === 'header') return getter(trace, 'headers');
  if (name === 'param') {
    return native(name, () => UNKNOWN);
  }
  if (TEXTS.has(name)) return TEXT(site);
  // What passport and sessions put there.
  if (name === 'isAuthenticated' || name === 'session') trace.read('request', [name], site.origin);
  return name === 'session' ? keptInput(trace, name) : undefined;
}

const TEXTS: ReadonlySet<string> = new Set([
  'url',
  'originalUrl',
  'path',
  'method',
  'ip',
  'hostname',
  'protocol',
  'baseUrl',
]);

type Method = (args: readonly Value[], site: CallSite) => Value | undefined;

export function expressResponse(trace: Trace): HostValue {
  const attached = new Attached(trace);
  const self: HostValue = {
    kind: 'host',
    host: {
      name: 'express.response',
      member: (name) => {
        if (name === 'statusCode') return currentStatus(trace);
        if (name === 'headersSent') return isSent(trace);
        if (name === 'locals') return attached.get(name) ?? keptInput(trace, name);
        const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
        if (method === undefined) return attached.get(name);
        return native(name, (args, site) => method(args, site) ?? self);
      },
      assign: (name, value, site) => {
        if (name === 'statusCode') trace.setStatus(value);
        else attached.set(name, value, site);
      },
    },
  };
  const methods = responseMethods(trace);
  return self;
}

/** `res.statusCode` is 200 until somebody says otherwise. */
export const currentStatus = (trace: Trace): Value =>
  choice(trace.going.map(({ status = 200 }) => (status === 'default' ? UNKNOWN : constant(status))));

/** Whether an answer was sent, where that is so on every way, or on none. */
function isSent({ standing }: Trace): Value {
  const sent = standing.filter((one) => one.sent === true).length;
  return sent === 0 ? constant(false) : sent === standing.length ? constant(true) : UNKNOWN;
}

const setType = (trace: Trace, value: Value | undefined): void => {
  const mediaType = saidMediaType(value);
  trace.stand((standing) => ({ ...standing, mediaType }));
};

function setHeader(trace: Trace, name: Value | undefined, value: Value | undefined): void {
  if (name?.kind === 'object')
    for (const [field, text] of name.properties) setHeader(trace, constant(field), text);
  else if (textOf(name)?.toLowerCase() === 'content-type') setType(trace, value);
}

function responseMethods(trace: Trace): Readonly<Record<string, Method>> {
  const status: Method = ([value]) => void trace.setStatus(value);
  const json: Method = ([first = constant(undefined), second], { origin }) => {
    // Express 3 and 4 took a status in front.
    if (second !== undefined && statusesOf(first)[0] !== 'default') {
      trace.setStatus(first);
      return void trace.answer(second, origin, {}, 'application/json');
    }
    return void trace.answer(first, origin, {}, 'application/json');
  };
  const send: Method = ([body], { origin }) => void trace.answer(body, origin);
  const header: Method = ([name, value]) => void setHeader(trace, name, value);
  const file: Method = ([path], { origin }) => void trace.answer(FILE, origin, { mediaType: fileType(path) });
  return {
    status,
    json,
    jsonp: json,
    send,
    end: ([body], { origin }) =>
      void trace.answer(body?.kind === 'function' ? undefined : body, origin, {}, ANY_TYPE),
    sendStatus: ([value], { origin }) => {
      trace.setStatus(value);
      trace.answer(constant(''), origin, { mediaType: 'text/plain' });
      return undefined;
    },
    redirect: ([first, second], { origin }) => {
      trace.setStatus(second === undefined ? constant(302) : first);
      trace.answer(undefined, origin);
      return undefined;
    },
    render: ([, , callback], { origin }) => {
      if (callback === undefined) trace.answer(UNKNOWN, origin, { mediaType: 'text/html' });
      return undefined;
    },
    sendFile: file,
    download: file,
    set: header,
    header,
    setHeader: header,
    writeHead: ([value, headers]) => {
      trace.setStatus(value);
      setHeader(trace, headers, undefined);
      return undefined;
    },
    type: ([value]) => void setType(trace, value),
    contentType: ([value]) => void setType(trace, value),
    attachment: () => undefined,
    cookie: () => undefined,
    clearCookie: () => undefined,
    append: () => undefined,
    vary: () => undefined,
    links: () => undefined,
    location: () => undefined,
    on: () => undefined,
    once: () => undefined,
    format: ([formats], site) => {
      for (const [, format] of formats?.kind === 'object' ? formats.properties : []) {
        if (format.kind === 'function') followFormat(format, site);
      }
      return undefined;
    },
    get: () => UNKNOWN,
    getHeader: () => UNKNOWN,
    write: ([body], { origin }) => void trace.answer(body === undefined ? undefined : UNKNOWN, origin),
  };

  function followFormat(format: Extract<Value, { kind: 'function' }>, site: CallSite): void {
    const before = trace.save();
    callLater(format, site);
    trace.join([before]);
  }
}

const callLater = (format: Extract<Value, { kind: 'function' }>, site: CallSite): void => {
  callFunction(format, { args: [], site, open: true });
};

/** What a file is sent as: by its name, which only the run may know. */
export function fileType(path: Value | undefined): string {
  const text = textOf(path);
  const extension = text === undefined ? undefined : /\.(\w+)$/.exec(text)?.[1];
  const known = extension === undefined ? undefined : mediaTypeOf(constant(extension));
  return known === undefined || !known.includes('/') ? ANY_TYPE : known;
}
