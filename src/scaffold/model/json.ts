/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a key, or an empty one when there is none: documents leave sections out or null. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = own(parent, key);
  return isJsonObject(value) ? value : {};
}

export function arrayAt(parent: JsonObject, key: string): readonly JsonValue[] {
  const value = own(parent, key);
  return Array.isArray(value) ? value : [];
}

export function stringAt(parent: JsonObject, key: string): string | undefined {
  const value = own(parent, key);
  return typeof value === 'string' ? value : undefined;
}

/** A property of the object itself: names such as `constructor` are common in hostile and honest documents. */
export function own(parent: JsonObject, key: string): JsonValue | undefined {
  const value = parent[key];
  // Most questions are for keywords that are absent: those need no second look.
  return value === undefined || !Object.hasOwn(parent, key) ? undefined : value;
}
