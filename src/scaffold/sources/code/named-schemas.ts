import type { JsonObject } from '../../model/json.ts';

/** Schemas that others refer to, each under a name of its own. */
export class NamedSchemas {
  readonly #refs = new Map<object, Map<string, string>>();
  readonly #schemas = new Map<string, JsonObject>();

  /** Names taken, with their schemas, in the order in which they were asked for. */
  get schemas(): ReadonlyMap<string, JsonObject> {
    return this.#schemas;
  }

  /**
   * A reference to the schema of something that has a name. `identity` is what was declared: a value or a node of a
   * syntax tree; `variant` tells apart what is read of it in several ways. The schema is made once; while it is
   * made, it can refer to itself.
   */
  refer(identity: object, name: string, make: () => JsonObject, variant = ''): JsonObject {
    return refTo(this.name(identity, name, make, variant));
  }

  /** As `refer`, the name alone. */
  name(identity: object, name: string, make: () => JsonObject, variant = ''): string {
    const variants = this.#refs.get(identity) ?? new Map<string, string>();
    const known = variants.get(variant);
    if (known !== undefined) return known;
    const free = this.#freeName(name.replaceAll(/[^\w.-]/g, '_') || 'Schema');
    this.#refs.set(identity, variants.set(variant, free));
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
