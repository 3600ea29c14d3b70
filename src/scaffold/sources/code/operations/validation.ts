import type { Checked, Trace } from '../handlers/trace.ts';
import { rootOf } from '../interpret/calls.ts';
import { isSchemaTerm } from '../schemas/terms.ts';
import { CHECKS } from '../schemas/value-schema.ts';
import type { CallValue, InputPart, Value } from '../value.ts';

/** Packages whose schemas are not read: what they check is said to be missing. */
const UNREAD: ReadonlySet<string> = new Set([
  'joi',
  '@hapi/joi',
  'yup',
  'ajv',
  'superstruct',
  'valibot',
  'arktype',
  'express-validator',
  'class-validator',
  'celebrate',
  'fluent-json-schema',
  'koa-joi-router',
]);

/** Notes what a call holds a part of the request to: `schema.parse(req.body)`, `check(schema, req.body)`. */
export function noteValidation(call: CallValue, trace: Trace): void {
  const { callee, args } = call;
  if (callee.kind === 'member' && CHECKS.has(callee.name)) {
    const [given] = args;
    if (given !== undefined) noteInput(callee.of, given, call, trace);
  }
  for (const [at, argument] of args.entries()) {
    const other = args[at === 0 ? 1 : 0];
    if (other !== undefined && isSchemaTerm(argument) && other.kind === 'input')
      noteInput(argument, other, call, trace);
  }
}

function noteInput(schema: Value, given: Value, { origin }: CallValue, trace: Trace): void {
  if (given.kind === 'input' && given.path.length === 0)
    trace.checked.push({ part: given.part, schema, origin });
  else if (given.kind === 'host') trace.checked.push({ part: 'request', schema, origin });
  else if (given.kind === 'object') {
    for (const [name, value] of given.properties) {
      if (value.kind !== 'input' || value.path.length > 0) continue;
      trace.checked.push({
        part: value.part,
        schema: { kind: 'member', of: schema, name: `shape.${name}` },
        origin,
      });
    }
  }
}

const PARTS: Readonly<Record<string, InputPart>> = {
  body: 'body',
  query: 'query',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
  cookies: 'cookies',
};

/** Schemas handed to a package's middleware: `validateRequest({ body: schema })`. */
export function checkedByPackage(handler: Value): Checked[] {
  if (handler.kind !== 'call') return [];
  return handler.args.flatMap((argument): Checked[] => {
    if (argument.kind !== 'object') return [];
    return [...argument.properties].flatMap(([name, schema]): Checked[] => {
      const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
      return part !== undefined && isSchemaTerm(schema) ? [{ part, schema, origin: handler.origin }] : [];
    });
  });
}

/** The package of a schema that is not read, if a value is one. */
export function unreadPackage(value: Value): string | undefined {
  const root = rootOf(value.kind === 'member' && value.name.startsWith('shape.') ? value.of : value);
  return root?.kind === 'external' && UNREAD.has(root.package) ? root.package : undefined;
}
