import type { SchemaTable } from './admits.ts';
import { inPlaceSchemas, partSchemas, type Schema, type SchemaKey } from './schema.ts';

/** Which way a value travels: what is read-only is not sent in, what is write-only is not sent out. */
export type Direction = 'request' | 'response';

/** For each direction, the named schemas that mean something else there than they do in general. */
export type Directed = Readonly<Record<Direction, ReadonlySet<SchemaKey>>>;

/** The property that is left out in this direction. */
export const isLeftOut = (property: Schema, direction: Direction | undefined): boolean =>
  direction === 'request'
    ? property.readOnly === true
    : direction === 'response' && property.writeOnly === true;

/** Finds the schemas that hold, or lead to, a read-only or write-only property. */
export function directedSchemas(table: SchemaTable): Directed {
  const users = new Map<SchemaKey, Set<SchemaKey>>();
  const marked = { request: new Set<SchemaKey>(), response: new Set<SchemaKey>() };
  for (const [key, { schema }] of table) {
    visitParts(schema, (part) => {
      if (part.ref !== undefined) {
        const known = users.get(part.ref);
        if (known === undefined) users.set(part.ref, new Set([key]));
        else known.add(key);
      }
      // Only a property can be left out.
      for (const property of part.properties?.values() ?? []) {
        if (property.readOnly) marked.request.add(key);
        if (property.writeOnly) marked.response.add(key);
      }
    });
  }
  return { request: withUsers(marked.request, users), response: withUsers(marked.response, users) };
}

function visitParts(schema: Schema, visit: (part: Schema) => void): void {
  visit(schema);
  for (const part of inPlaceSchemas(schema)) visitParts(part, visit);
  for (const part of partSchemas(schema)) visitParts(part, visit);
}

function withUsers(
  marked: ReadonlySet<SchemaKey>,
  users: ReadonlyMap<SchemaKey, ReadonlySet<SchemaKey>>,
): Set<SchemaKey> {
  const found = new Set(marked);
  const pending = [...marked];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    for (const user of users.get(key) ?? []) {
      if (found.has(user)) continue;
      found.add(user);
      pending.push(user);
    }
  }
  return found;
}
