import { NameRegistry } from '../../core/names.ts';
import { sortByText } from '../../core/order.ts';
import type { SchemaTable } from '../model/admits.ts';
import { type Directed, type Direction, directedSchemas } from '../model/directions.ts';
import type { NamedSchema, SchemaKey } from '../model/schema.ts';

/** A named schema in one direction, under the name it has there. */
export interface SchemaVariant {
  readonly name: string;
  readonly named: NamedSchema;
  readonly direction?: Direction;
}

const SUFFIX: Readonly<Record<Direction, string>> = { request: 'Input', response: 'Output' };

/**
 * The names of schemas in generated code. A schema with read-only properties has a second name for
 * what a client sends, one with write-only properties for what it gets.
 */
export class SchemaNames {
  readonly registry: NameRegistry;
  readonly #table: SchemaTable;
  readonly #directed: Directed;
  readonly #directedNames = new Map<string, string>();

  constructor(table: SchemaTable) {
    this.#table = table;
    this.#directed = directedSchemas(table);
    this.registry = new NameRegistry([...table.values()].map(({ name }) => name));
    for (const direction of ['request', 'response'] as const) {
      const members = [...this.#directed[direction]].flatMap((key) => table.get(key) ?? []);
      for (const { key, name } of sortByText(members, (member) => member.name)) {
        this.#directedNames.set(`${direction} ${key}`, this.registry.claim(name + SUFFIX[direction]));
      }
    }
  }

  typeName(key: SchemaKey, direction: Direction | undefined): string {
    return this.#directedNames.get(`${direction} ${key}`) ?? this.#table.get(key)?.name ?? 'unknown';
  }

  /** Whether the schema means something else in this direction than in general. */
  isDirected(key: SchemaKey, direction: Direction | undefined): boolean {
    return direction !== undefined && this.#directed[direction].has(key);
  }

  /** Every schema under every name it has, sorted by name. */
  variants(): SchemaVariant[] {
    const general = [...this.#table.values()].map((named): SchemaVariant => ({ name: named.name, named }));
    const directed = (['request', 'response'] as const).flatMap((direction) =>
      [...this.#directed[direction]].flatMap((key): SchemaVariant[] => {
        const named = this.#table.get(key);
        return named === undefined ? [] : [{ name: this.typeName(key, direction), named, direction }];
      }),
    );
    return sortByText([...general, ...directed], ({ name }) => name);
  }
}
