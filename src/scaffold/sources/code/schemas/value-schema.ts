import type { JsonObject } from '../../../model/json.ts';
import { rootOf } from '../interpret/calls.ts';
import { isEnumerable } from '../interpret/platform-errors.ts';
import { schemaOfType, union } from '../types/schema.ts';
import type { CallValue, Value } from '../value.ts';
import { MAX_DEPTH, maySpend, type SchemaContext } from './context.ts';
import { isSchemaTerm, schemaOfTerm } from './terms.ts';
import { joiOptions, withJoiOptions } from './validators/joi-preferences.ts';

/**
 * The schema of what a handler sends, as far as it is certain: what the literal says, what a type says, what a schema
 * has checked. `undefined` where nothing is known.
 */
export function schemaOfValue(value: Value, context: SchemaContext, depth = 0): JsonObject | undefined {
  if (depth > MAX_DEPTH || !maySpend(context)) return undefined;
  const said = context.interpreter.said.get(value);
  const declared = said === undefined ? undefined : schemaOfType(said, context, depth);
  if (declared !== undefined && Object.keys(declared).length > 0) return declared;
  const reader = READERS[value.kind] as
    | ((value: Value, context: SchemaContext, depth: number) => JsonObject | undefined)
    | undefined;
  return reader?.(value, context, depth);
}

type Readers = {
  readonly [Kind in Value['kind']]?: (
    value: Extract<Value, { readonly kind: Kind }>,
    context: SchemaContext,
    depth: number,
  ) => JsonObject | undefined;
};

const READERS: Readers = {
  constant: ({ value }) => {
    if (value === null) return { type: 'null' };
    if (value === undefined || typeof value === 'bigint') return undefined;
    return { type: typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value };
  },
  list: ({ items, open }, context, depth) => {
    const schemas = items.slice(0, 50).map((item) => schemaOfValue(item, context, depth + 1) ?? {});
    return { type: 'array', ...(open || schemas.length === 0 ? {} : { items: union(schemas) }) };
  },
  object: (value, context, depth) => {
    const properties = new Map<string, JsonObject>();
    const required: string[] = [];
    for (const [name, member] of [...value.properties].slice(0, 500)) {
      if (member.kind === 'function' || isUndefined(member) || name.startsWith('#')) continue;
      if (!isEnumerable(value, name)) continue;
      properties.set(name, schemaOfValue(member, context, depth + 1) ?? {});
      if (!mayBeUndefined(member)) required.push(name);
    }
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
    };
  },
  choice: ({ options }, context, depth) => {
    const schemas = options
      .filter((option) => !isUndefined(option))
      .map((option) => schemaOfValue(option, context, depth + 1));
    const known = schemas.filter((schema) => schema !== undefined);
    return known.length < schemas.length || known.length === 0 ? undefined : union(known);
  },
  unknown: ({ type }, context, depth) => {
    const schema = type === undefined ? undefined : schemaOfType(type, context, depth);
    return schema !== undefined && Object.keys(schema).length === 0 ? undefined : schema;
  },
  call: (value, context) => checkedSchema(value, context) ?? platformSchema(value),
  member: ({ of, name }, context) => {
    // `schema.safeParse(input).data`
    if (name === 'data' && of.kind === 'call') return checkedSchema(of, context);
    return name === 'length' ? { type: 'integer' } : undefined;
  },
};

const isUndefined = (value: Value): boolean => value.kind === 'constant' && value.value === undefined;

/** What may be left out of JSON: undefined on some way, or nothing that is known. */
const mayBeUndefined = (value: Value): boolean => {
  if (value.kind === 'choice') return value.options.some(mayBeUndefined);
  if (value.kind === 'unknown') return value.type === undefined;
  return isUndefined(value) || ['member', 'call', 'input', 'external'].includes(value.kind);
};

/** The methods of a schema that give what it has checked. */
export const CHECKS: ReadonlySet<string> = new Set([
  'parse',
  'parseAsync',
  'safeParse',
  'safeParseAsync',
  'spa',
  'validate',
  'validateAsync',
  'validateSync',
  'cast',
  'assert',
]);

/** `schema.parse(input)` is what the schema says. */
function checkedSchema(call: CallValue, context: SchemaContext): JsonObject | undefined {
  const { callee, origin } = call;
  if (callee.kind !== 'member' || !CHECKS.has(callee.name) || !isSchemaTerm(callee.of)) return undefined;
  return schemaOfTerm(callee.of, withJoiOptions(context, joiOptions(callee.of, call.args.slice(1)), origin));
}

/** What the platform's own functions give. */
function platformSchema({ callee, args, construct }: CallValue): JsonObject | undefined {
  if (callee.kind === 'member' && TEXT_METHODS.has(callee.name)) return { type: 'string' };
  const root = rootOf(callee);
  if (root?.kind === 'external' && root.package === 'fs') return fileSchema(root.path, args);
  if (root?.kind !== 'external' || root.package !== '') return undefined;
  const name = [...root.path, ...(callee.kind === 'member' ? [callee.name] : [])].join('/');
  if (construct) return name === 'Date' ? { type: 'string', format: 'date-time' } : undefined;
  return Object.hasOwn(PLATFORM, name) ? PLATFORM[name] : undefined;
}

/** `readFileSync(path, 'utf8')` is text, without the encoding it is no JSON. */
function fileSchema(path: readonly string[], [, options]: readonly Value[]): JsonObject | undefined {
  const name = path.at(-1);
  const encoding = options?.kind === 'object' ? options.properties.get('encoding') : options;
  const isText = encoding?.kind === 'constant' && typeof encoding.value === 'string';
  return isText && (name === 'readFileSync' || name === 'readFile') ? { type: 'string' } : undefined;
}

/** The methods that give text, of whatever they are. */
const TEXT_METHODS: ReadonlySet<string> = new Set([
  'toString',
  'toUTCString',
  'toFixed',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
]);

const PLATFORM: Readonly<Record<string, JsonObject>> = {
  String: { type: 'string' },
  'JSON/stringify': { type: 'string' },
  // JSON has null for what is no number.
  Number: { type: ['number', 'null'] },
  Boolean: { type: 'boolean' },
  parseInt: { type: ['integer', 'null'] },
  parseFloat: { type: ['number', 'null'] },
  'Date/now': { type: 'integer' },
  'Date/toISOString': { type: 'string', format: 'date-time' },
  'Math/random': { type: 'number' },
  'Math/floor': { type: 'integer' },
  'Math/ceil': { type: 'integer' },
  'Math/round': { type: 'integer' },
  'process/uptime': { type: 'number' },
};
