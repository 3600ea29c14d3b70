import type { Checked, Picked, Trace } from '../handlers/trace.ts';
import { rootOf } from '../interpret/calls.ts';
import { isSchemaTerm } from '../schemas/terms.ts';
import { celebrateArguments } from '../schemas/validators/celebrate.ts';
import { isChain } from '../schemas/validators/express-validator.ts';
import { joiOptions } from '../schemas/validators/joi-preferences.ts';
import { CHECKS } from '../schemas/value-schema.ts';
import {
  type CallValue,
  type InputPart,
  nameOfCallee,
  type ObjectValue,
  optionsOf,
  type Value,
} from '../value.ts';

/** Packages whose schemas are not read: what they check is said to be missing. */
const UNREAD: ReadonlySet<string> = new Set([
  'superstruct',
  'valibot',
  'arktype',
  'class-validator',
  'class-transformer',
  'fluent-json-schema',
  'runtypes',
  'io-ts',
  'effect',
  'vine',
  '@vinejs/vine',
  'validatorjs',
  'fastest-validator',
]);

/** Notes what a call holds a part of the request to: `schema.parse(req.body)`, `check(schema, req.body)`. */
export function noteValidation(call: CallValue, trace: Trace): void {
  const { callee, args } = call;
  if (noteChain(call, trace) || noteAjv(call, trace)) return;
  if (callee.kind === 'member' && CHECKS.has(callee.name)) {
    const [given, ...rest] = args;
    if (given !== undefined) noteInput(callee.of, given, call, trace, joiOptions(callee.of, rest));
  }
  for (const [at, argument] of args.entries()) {
    const other = args[at === 0 ? 1 : 0];
    if (other !== undefined && isSchemaTerm(argument) && other.kind === 'input')
      noteInput(argument, other, call, trace, joiOptions(argument, args.slice(2)));
  }
  const unread = unreadPackage(call);
  const whole = args.find((argument) => argument.kind === 'input' && argument.path.length === 0);
  if (unread !== undefined && whole?.kind === 'input')
    trace.checked.push({ part: whole.part, schema: call, origin: call.origin });
}

/** express-validator's chains are middleware: `chain(req, res, next)`, `chain.run(req)`. */
function noteChain({ callee, args }: CallValue, trace: Trace): boolean {
  const chain = callee.kind === 'member' && callee.name === 'run' ? callee.of : callee;
  if (args[0]?.kind !== 'host' || !isChain(chain)) return false;
  if (!trace.chains.includes(chain)) trace.chains.push(chain);
  return true;
}

/** `ajv.compile(schema)(req.body)` and `ajv.validate(schema, req.body)` */
function noteAjv(call: CallValue, trace: Trace): boolean {
  const { callee, args } = call;
  const root = rootOf(callee);
  if (root?.kind !== 'external' || !/^(?:ajv|@apidevtools\/ajv)(?:\/|$)/.test(root.package)) return false;
  const isCompiled =
    callee.kind === 'call' && callee.callee.kind === 'member' && callee.callee.name === 'compile';
  const isNow = callee.kind === 'member' && callee.name === 'validate';
  const [schema, given] = isCompiled ? [callee.args[0], args[0]] : isNow ? args : [];
  if (schema?.kind === 'object' && given !== undefined) noteInput(schema, given, call, trace);
  return true;
}

function noteInput(schema: Value, given: Value, call: CallValue, trace: Trace, options?: Value): void {
  const held = { origin: call.origin, ...(options === undefined ? {} : { options }) };
  if (given.kind === 'choice') {
    for (const option of given.options)
      if (option.kind === 'input') noteInput(schema, option, call, trace, options);
    return;
  }
  if (given.kind === 'input' && given.path.length === 0)
    trace.checked.push({ part: given.part, schema, ...held });
  else if (given.kind === 'input' && isSchemaTerm(schema))
    trace.checked.push({ part: given.part, schema, at: given.path, ...held });
  else if (given.kind === 'host') trace.checked.push({ part: 'request', schema, ...held });
  else if (given.kind === 'object') {
    for (const [name, value] of given.properties) {
      if (value.kind !== 'input' || value.path.length > 0) continue;
      trace.checked.push({
        part: value.part,
        schema: { kind: 'member', of: schema, name: `shape.${name}` },
        ...held,
      });
    }
    if (!isSchemaTerm(schema) && schema.kind !== 'object') return;
    for (const [part, picked] of picksIn(given)) trace.checked.push({ part, schema, picked, ...held });
    const [spread, other] = given.spread ?? [];
    if (spread?.path.length === 0 && other === undefined)
      trace.checked.push({ part: spread.part, schema, besides: [...given.properties.keys()], ...held });
  }
}

/** The members of an object that come from parts of the request, by these. */
function picksIn({ properties }: ObjectValue): Map<InputPart, Picked[]> {
  const found = new Map<InputPart, Picked[]>();
  for (const [name, value] of properties) {
    for (const option of optionsOf(value)) {
      if (option.kind !== 'input' || option.path.length === 0) continue;
      const { part, path } = option;
      const picks = found.get(part) ?? [];
      found.set(part, [...picks, { name, path, optional: value.kind === 'choice' }]);
    }
  }
  return found;
}

const PARTS: Readonly<Record<string, InputPart>> = {
  body: 'body',
  query: 'query',
  querystring: 'query',
  params: 'path',
  param: 'path',
  headers: 'headers',
  header: 'headers',
  cookies: 'cookies',
};

/** Packages whose middleware takes JSON Schema, or shorthands of schemas, under the names of a request's parts. */
const TAKE_OBJECTS: ReadonlySet<string> = new Set([
  'celebrate',
  'koa-joi-router',
  'express-json-validator-middleware',
  'express-jsonschema',
]);

/** Schemas handed to a package's middleware: `validateRequest({ body: schema })`, `validator.query(schema)`. */
export function checkedByPackage(handler: Value): Checked[] {
  // A route of koa-joi-router: `{ validate: { body: schema } }`.
  const validate = handler.kind === 'object' ? handler.properties.get('validate') : undefined;
  if (validate?.kind === 'object') {
    const origin = handler.kind === 'object' ? handler.origin : undefined;
    return partsIn(validate, true, origin, validate.properties.get('validateOptions'));
  }
  if (handler.kind !== 'call') return [];
  const { origin } = handler;
  const celebrated = celebrateArguments(handler);
  if (celebrated?.schema.kind === 'object')
    return partsIn(celebrated.schema, true, origin, celebrated.options);
  const { args } = handler;
  const root = rootOf(handler);
  const takesObjects = root?.kind === 'external' && TAKE_OBJECTS.has(root.package);
  const [first] = args;
  const name = nameOfCallee(handler);
  const named = /^(?:(?:validate|process)(?:Request)?)?(body|query|params|headers)$/i.exec(name)?.[1];
  const part = named === undefined ? undefined : PARTS[named.toLowerCase()];
  if (part !== undefined && first !== undefined && isSchemaTerm(first))
    return [{ part, schema: first, origin }];
  return args.flatMap((argument) =>
    argument.kind === 'object' ? partsIn(argument, takesObjects, origin) : [],
  );
}

function partsIn(
  { properties }: Extract<Value, { kind: 'object' }>,
  takesObjects: boolean,
  origin: Checked['origin'] | undefined,
  options?: Value,
): Checked[] {
  if (origin === undefined) return [];
  const held = { origin, ...(options === undefined ? {} : { options }) };
  return [...properties].flatMap(([name, schema]): Checked[] => {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (part === undefined) return [];
    if (isSchemaTerm(schema)) return [{ part, schema, ...held }];
    return takesObjects && schema.kind === 'object'
      ? [{ part, schema: shorthand(schema, origin), ...held }]
      : [];
  });
}

/** An object of Joi schemas is one of `Joi.object`; JSON Schema stays what it is. */
function shorthand(schema: Extract<Value, { kind: 'object' }>, origin: Checked['origin']): Value {
  if (![...schema.properties.values()].some(isSchemaTerm)) return schema;
  const callee: Value = { kind: 'external', package: 'joi', path: ['object'] };
  return { kind: 'call', callee, args: [schema], construct: false, origin };
}

/** The package of a schema that is not read, if a value is one. */
export function unreadPackage(value: Value): string | undefined {
  const root = rootOf(value.kind === 'member' && value.name.startsWith('shape.') ? value.of : value);
  return root?.kind === 'external' && UNREAD.has(root.package) ? root.package : undefined;
}
