import type { Schema } from '../model/schema.ts';
import { quoteString } from './quote.ts';
import { printZod, type ZodContext } from './zod.ts';

type Kind = 'properties' | 'items';

/** Checks for `unevaluatedProperties` and `unevaluatedItems`. */
export function printUnevaluated(schema: Schema, context: ZodContext): string[] {
  const checks: string[] = [];
  for (const [keyword, kind] of [
    ['unevaluatedProperties', 'properties'],
    ['unevaluatedItems', 'items'],
  ] as const) {
    const rest = schema[keyword];
    if (rest === undefined) continue;
    const { [keyword]: _, ...others } = schema;
    const evaluated = printObject(evaluatedBy(others, kind, context, 0));
    checks.push(`${context.helper(keyword)}(${printZod(rest, context)}, ${evaluated})`);
  }
  return checks;
}

/** The members of an `Evaluated` literal. */
type Members = readonly string[];

const printObject = (members: Members): string => (members.length === 0 ? '{}' : `{ ${members.join(', ')} }`);

/** References followed in place cannot be circular: those were cut. The bound keeps a mistake of ours finite. */
const MAX_CHAIN = 100;

/** What the keywords of a schema look at, by the rules of JSON Schema 2020-12, section 11. */
function evaluatedBy(schema: Schema, kind: Kind, context: ZodContext, chain: number): Members {
  if (chain > MAX_CHAIN) return [];
  const own = kind === 'properties' ? ownProperties(schema, context) : ownItems(schema, context);
  const parts = partsOf(schema, kind, context, chain).filter((members) => members.length > 0);
  return parts.length === 0 ? own : [...own, `parts: [${parts.map(printObject).join(', ')}]`];
}

function ownProperties(schema: Schema, context: ZodContext): Members {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  if (additionalProperties !== undefined || unevaluatedProperties !== undefined) return ['all: true'];
  const members: string[] = [];
  const names = [...(properties?.keys() ?? [])];
  if (names.length > 0) members.push(`names: [${names.map(quoteString).join(', ')}]`);
  const patterns = [...(patternProperties?.keys() ?? [])].map((pattern) =>
    context.pattern(schema, pattern, 'silent'),
  );
  // What a pattern that is not enforced would have matched cannot be told from the rest.
  if (patterns.includes(undefined)) return ['all: true'];
  if (patterns.length > 0) members.push(`patterns: [${patterns.join(', ')}]`);
  return members;
}

function ownItems(schema: Schema, context: ZodContext): Members {
  const { items, prefixItems, contains, unevaluatedItems } = schema;
  if (items !== undefined || unevaluatedItems !== undefined) return ['all: true'];
  const members: string[] = [];
  if (prefixItems !== undefined) members.push(`items: ${prefixItems.length}`);
  if (contains !== undefined) members.push(`contains: ${printZod(contains, context)}`);
  return members;
}

function partsOf(schema: Schema, kind: Kind, context: ZodContext, chain: number): Members[] {
  const within = (part: Schema): Members => evaluatedBy(part, kind, context, chain + 1);
  const target = schema.ref === undefined ? undefined : context.table.get(schema.ref)?.schema;
  const always = [...(target === undefined ? [] : [target]), ...(schema.allOf ?? [])].map(within);
  const either = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((part) =>
    conditional(() => `when: ${printZod(part, context)}`, within(part)),
  );
  const dependent = [...(schema.dependentSchemas ?? [])].map(([name, part]) =>
    conditional(() => `where: ${quoteString(name)}`, within(part)),
  );
  return [...always, ...either, ...dependent, ...conditionParts(schema, context, within)];
}

/** A condition is printed only when something hangs on it: what is printed is imported. */
const conditional = (condition: () => string, members: Members): Members =>
  members.length === 0 ? [] : [condition(), ...members];

function conditionParts(schema: Schema, context: ZodContext, within: (part: Schema) => Members): Members[] {
  const { if: judge } = schema;
  if (judge === undefined) return [];
  const [condition, then, otherwise] = [judge, schema.then, schema.else].map((part) =>
    part === undefined ? [] : within(part),
  );
  const held = [condition ?? [], then ?? []].filter((members) => members.length > 0);
  const members: string[] = [];
  if (held.length > 0) members.push(`parts: [${held.map(printObject).join(', ')}]`);
  if (otherwise !== undefined && otherwise.length > 0) members.push(`otherwise: [${printObject(otherwise)}]`);
  return [conditional(() => `when: ${printZod(judge, context)}`, members)];
}
