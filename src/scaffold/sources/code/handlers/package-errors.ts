import { rootOf } from '../interpret/calls.ts';
import { celebrateArguments } from '../schemas/validators/celebrate.ts';
import { flagOf } from '../schemas/validators/chain.ts';
import {
  type CallValue,
  choice,
  constant,
  type ObjectValue,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';

const error = (properties: readonly (readonly [string, Value])[]): ObjectValue => ({
  kind: 'object',
  properties: new Map(properties),
  open: true,
});

const unauthorized = (name: string): ObjectValue =>
  error([
    ['name', constant(name)],
    ['status', constant(401)],
    ['statusCode', constant(401)],
    ['message', UNKNOWN],
  ]);

/** Why express-jwt refuses a request. */
const JWT_CODES = [
  'credentials_required',
  'credentials_bad_scheme',
  'credentials_bad_format',
  'invalid_token',
  'revoked_token',
].map(constant);

/** What express-jwt hands on: its message is no property of its own that JSON has. */
const unauthorizedByJwt = (): ObjectValue =>
  error([
    ['name', constant('UnauthorizedError')],
    ['code', choice(JWT_CODES)],
    ['status', constant(401)],
    ['statusCode', UNDEFINED],
    ['inner', error([])],
  ]);

/** The errors that celebrate hands on, to be known again by its own error handler. */
const CELEBRATE = new WeakSet<Value>();

/** The error that a package's middleware raises for requests that it refuses; undefined for packages that answer. */
export function packageError(call: CallValue | ObjectValue): Value | undefined {
  if (call.kind === 'object') return joiRouterError(call);
  const root = rootOf(call);
  if (root?.kind !== 'external') return undefined;
  const [options] = call.args;
  // Where no token is required, one that does not hold is refused all the same.
  if (root.package === 'express-jwt') return unauthorizedByJwt();
  if (root.package === 'koa-jwt' && flagOf(options, 'passthrough') !== true)
    return unauthorized('UnauthorizedError');
  if (celebrateArguments(call) === undefined) return undefined;
  const refused = error([
    ['name', constant('Error')],
    ['message', UNKNOWN],
    ['details', UNKNOWN],
  ]);
  CELEBRATE.add(refused);
  return refused;
}

/** A route of koa-joi-router throws for what it refuses: 400, or what `failure` says. */
function joiRouterError({ properties }: ObjectValue): Value | undefined {
  const validate = properties.get('validate');
  if (validate?.kind !== 'object' || flagOf(validate, 'continueOnError') === true) return undefined;
  return error([
    ['status', validate.properties.get('failure') ?? constant(400)],
    ['message', UNKNOWN],
  ]);
}

/** `errors()` of celebrate. */
export function isCelebrateErrors(handler: Value): boolean {
  const root = handler.kind === 'call' ? rootOf(handler) : undefined;
  return root?.kind === 'external' && root.package === 'celebrate' && root.path.at(-1) === 'errors';
}

const text = (): Value => ({ kind: 'unknown' });

/**
 * What `errors()` of celebrate answers for its own errors, with the status that its `statusCode` says; undefined for
 * others, which it hands on.
 */
export function answeredByCelebrate(
  handler: Value,
  refused: Value,
): { readonly status: Value; readonly body: Value } | undefined {
  if (!isCelebrateErrors(handler) || !CELEBRATE.has(refused)) return undefined;
  const [options] = handler.kind === 'call' ? handler.args : [];
  const status = statusOption(options);
  const body = error([
    ['statusCode', status],
    ['error', text()],
    ['message', text()],
    ['validation', error([])],
  ]);
  return { status, body };
}

/** What `errors({ statusCode })` says: 400 where nobody does, anything where that is not known. */
function statusOption(options: Value | undefined): Value {
  if (options === undefined) return constant(400);
  if (options.kind !== 'object') return UNKNOWN;
  return options.properties.get('statusCode') ?? (options.open ? UNKNOWN : constant(400));
}
