import type { JsonObject } from '../../model/json.ts';

/** Schemas that others refer to, each under a name of its own. */
export class NamedSchemas {
  readonly #refs = new Map<object, string>();
  readonly #schemas = new Map<string, JsonObject>();

  /** Names taken, with their schemas, in the order in which they were asked for. */
  get schemas(): ReadonlyMap<string, JsonObject> {
    return this.#schemas;
  }

  /**
   * A reference to the schema of something that has a name. `identity` is what was declared: a value or a node of a
   * syntax tree. The schema is made once; while it is made, it can refer to itself.
   */
  refer(identity: object, name: string, make: () => JsonObject): JsonObject {
    return refTo(this.name(identity, name, make));
  }

  /** As `refer`, the name alone. */
  name(identity: object, name: string, make: () => JsonObject): string {
    const known = this.#refs.get(identity);
    if (known !== undefined) return known;
    const free = this.#freeName(name.replaceAll(/[^\w.-]/g, '_') || 'Schema');
    this.#refs.set(identity, free);
    this.#schemas.set(free, {});
    this.#schemas.set(free, make());
    return free;
  }

  #freeName(name: string): string {
    let free = name;
    for (let at = 2; this.#schemas.has(free); at += 1) free = `${name}${at}`;
    return free;
  }
}

const refTo = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
