import type { Diagnostic } from '../../core/diagnostic.ts';
import { stronglyConnectedComponents } from '../../core/order.ts';
import type { SchemaTable } from './admits.ts';
import { locationOf } from './place.ts';
import { inPlaceSchemas, type NamedSchema, type Schema, type SchemaKey } from './schema.ts';

/** Marks the key of a schema without its alternatives. */
const BASE = '|base';

/**
 * Breaks circles of schemas that include one another without anything in between: judging a value by
 * them would never end. The usual circle is that of inheritance, `Pet` being one of `Cat` and `Dog`,
 * and `Cat` being all of `Pet` and more: there, what the parts include is `Pet` without its
 * alternatives. Other circles are cut, each with a diagnostic.
 */
export function breakCircles(table: SchemaTable): {
  readonly schemas: Map<SchemaKey, NamedSchema>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const schemas = new Map(table);
  for (const circle of circlesOf(schemas)) includeBases(schemas, circle);
  const diagnostics: Diagnostic[] = [];
  for (let circles = circlesOf(schemas); circles.length > 0; circles = circlesOf(schemas)) {
    for (const circle of circles) diagnostics.push(...cutCircle(schemas, circle));
  }
  return { schemas, diagnostics };
}

function circlesOf(table: SchemaTable): ReadonlySet<SchemaKey>[] {
  const included = (key: SchemaKey): SchemaKey[] => {
    const named = table.get(key);
    return named === undefined ? [] : inPlaceReferences(named.schema);
  };
  return stronglyConnectedComponents(table.keys(), included)
    .filter((keys) => keys.length > 1 || keys.some((key) => included(key).includes(key)))
    .map((keys) => new Set(keys));
}

function inPlaceReferences(schema: Schema): SchemaKey[] {
  const inner = inPlaceSchemas(schema).flatMap(inPlaceReferences);
  return schema.ref === undefined ? inner : [schema.ref, ...inner];
}

function includeBases(schemas: Map<SchemaKey, NamedSchema>, circle: ReadonlySet<SchemaKey>): void {
  for (const key of circle) {
    const named = schemas.get(key);
    if (named === undefined) continue;
    const schema = replaceReferences(named.schema, (target) => {
      const base = schemas.get(target);
      if (!circle.has(target) || base === undefined || !hasAlternatives(base.schema)) return target;
      const { oneOf: _, anyOf: __, discriminator: ___, ...rest } = base.schema;
      schemas.set(target + BASE, { key: target + BASE, name: `${base.name}Base`, schema: rest });
      return target + BASE;
    });
    schemas.set(key, { ...named, schema });
  }
}

const hasAlternatives = ({ oneOf, anyOf }: Schema): boolean => oneOf !== undefined || anyOf !== undefined;

/** Replaces references that stand directly in the schema or in its `allOf`; alternatives keep theirs. */
function replaceReferences(schema: Schema, replace: (key: SchemaKey) => SchemaKey | undefined): Schema {
  const { ref, allOf, ...rest } = schema;
  const target = ref === undefined ? undefined : replace(ref);
  return {
    ...rest,
    ...(target === undefined ? {} : { ref: target }),
    ...(allOf === undefined ? {} : { allOf: allOf.map((part) => replaceReferences(part, replace)) }),
  };
}

/** Removes the references of the circle's first member to the others, wherever they stand in place. */
function cutCircle(schemas: Map<SchemaKey, NamedSchema>, circle: ReadonlySet<SchemaKey>): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const named = [...circle].map((key) => schemas.get(key)).find((member) => member !== undefined);
  if (named === undefined) return diagnostics;
  const schema = mapInPlace(named.schema, (part) => {
    if (part.ref === undefined || !circle.has(part.ref)) return part;
    const { ref, ...rest } = part;
    diagnostics.push({
      code: 'SCF012',
      severity: 'warning',
      message: `${named.name} includes itself by way of ${schemas.get(ref)?.name}; that part is left out`,
      location: locationOf(part.place, 'cheap'),
    });
    return rest;
  });
  schemas.set(named.key, { ...named, schema });
  return diagnostics;
}

function mapInPlace(schema: Schema, change: (part: Schema) => Schema): Schema {
  const all = (parts: readonly Schema[]): Schema[] => parts.map((part) => mapInPlace(part, change));
  const { allOf, anyOf, oneOf, not, dependentSchemas, ...rest } = change(schema);
  return {
    ...rest,
    ...(allOf && { allOf: all(allOf) }),
    ...(anyOf && { anyOf: all(anyOf) }),
    ...(oneOf && { oneOf: all(oneOf) }),
    ...(not && { not: mapInPlace(not, change) }),
    ...(rest.if && { if: mapInPlace(rest.if, change) }),
    ...(rest.then && { then: mapInPlace(rest.then, change) }),
    ...(rest.else && { else: mapInPlace(rest.else, change) }),
    ...(dependentSchemas && {
      dependentSchemas: new Map(
        [...dependentSchemas].map(([name, part]) => [name, mapInPlace(part, change)]),
      ),
    }),
  };
}
