import { rootOf } from '../interpret/calls.ts';
import { memberOf } from '../interpret/members.ts';
import { markPlatformError, platformErrorName } from '../interpret/platform-errors.ts';
import { setMembersOf } from '../interpret/set-members.ts';
import {
  type CallSite,
  type CallValue,
  constant,
  nameOfCallee,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { httpError } from './koa.ts';
import { type Status, statusesOf, statusOfName } from './trace.ts';

/** Packages whose errors carry a status. */
const ERROR_PACKAGES: ReadonlySet<string> = new Set([
  'http-errors',
  '@hapi/boom',
  'boom',
  '@fastify/sensible',
  'fastify',
  'http-errors-enhanced',
  'restify-errors',
]);

/**
 * An error of a package as an object with its status, where the package's names say which, and with what was set on
 * it. One that is not known is a value of its own, which its handler may set things on.
 */
export function errorObject(value: Value): Value {
  if (value.kind !== 'call') return value === UNKNOWN ? { kind: 'unknown' } : value;
  const error = errorOfCall(value);
  if (error.kind === 'object')
    for (const [name, member] of setMembersOf(value)) error.properties.set(name, member);
  return error;
}

function errorOfCall(value: CallValue): Value {
  const root = rootOf(value.callee);
  if (root?.kind !== 'external') return value;
  if (root.package === '') return plainError(value);
  if (!ERROR_PACKAGES.has(root.package)) return value;
  const name = nameOfCallee(value);
  const status = statusOfName(name);
  const error = httpError(
    status === undefined ? value.args : [{ kind: 'constant', value: status }, ...value.args],
  );
  if (error.kind === 'object' && /boom$/.test(root.package)) {
    const statusCode = error.properties.get('status');
    const output: Value = {
      kind: 'object',
      properties: new Map(statusCode === undefined ? [] : [['statusCode', statusCode]]),
      open: true,
    };
    error.properties.set('output', output);
  }
  return error;
}

/** `new Error('...')`: a message, a stack and no status. */
function plainError(call: CallValue): ObjectValue {
  const name = platformErrorName(call);
  if (name === undefined) return { kind: 'object', properties: new Map(), open: true };
  const [message] = call.args;
  const properties = new Map<string, Value>([['name', constant(name)]]);
  if (message !== undefined) properties.set('message', message);
  properties.set('stack', { kind: 'unknown' });
  return markPlatformError({ kind: 'object', properties, open: false }, name);
}

/** The status that frameworks take from an error themselves; undefined when it has none that can be told. */
export function statusOfError(error: Value, site: CallSite): Status | undefined {
  for (const name of ['status', 'statusCode']) {
    const value = memberOf(error, name, site);
    if (value.kind === 'unknown' || (value.kind === 'constant' && value.value === undefined)) continue;
    const [status] = statusesOf(value);
    if (status !== undefined && status !== 'default') return status;
  }
  return undefined;
}
