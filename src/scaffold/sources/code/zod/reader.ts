import type { Place } from '../../../model/place.ts';
import type { NamedSchema, Schema, SchemaKey } from '../../../model/schema.ts';
import type { Origin } from '../source-file.ts';
import type { CallValue, Value } from '../value.ts';
import { BUILDERS } from './builders.ts';
import { CHECKS } from './checks.ts';
import { METHODS } from './methods.ts';
import { nullable } from './schemas.ts';

/** A Zod schema as the contract has it. */
export interface ZodRead {
  readonly schema: Schema;
  /** Whether a property of it may be absent. */
  readonly optional?: boolean;
  /** A property that has to be there, and of which no more is said than of those that are not listed. */
  readonly undescribed?: boolean;
}

/** What the reader cannot know by itself. */
export interface ZodSources {
  /** What a function gives. */
  call(of: Value, args: readonly Value[]): Value;
  /** The name that a schema was declared under, if it is to be referred to by it. */
  nameOf(value: Value): { readonly key: SchemaKey; readonly name: string } | undefined;
  place(origin: Origin | undefined): Place;
  /** Told of what the contract cannot say. */
  report(message: string, origin: Origin | undefined): void;
  /** The path below Zod's own module that a module of the sources hands on: `['z']`; undefined for all others. */
  isZod?(module: string): boolean;
}

/** Schemas nested deeper than this are cut, with a word; nobody's are. */
const MAX_DEPTH = 200;

/** Turns Zod schemas of the sources, of Zod 3 or 4, into the model's. Every declared one is read once and referred to. */
export class ZodReader {
  readonly sources: ZodSources;
  readonly #named = new Map<SchemaKey, NamedSchema>();
  readonly #reading = new Set<SchemaKey>();
  readonly #optional = new Set<SchemaKey>();
  #depth = 0;
  /** The call that is being read, for messages. */
  at: Origin | undefined;

  constructor(sources: ZodSources) {
    this.sources = sources;
  }

  /** Every schema that was referred to, with all that those refer to in turn. */
  get schemas(): ReadonlyMap<SchemaKey, NamedSchema> {
    return this.#named;
  }

  get place(): Place {
    return this.sources.place(this.at);
  }

  /** The schema that a value is; undefined when it is none of Zod's. */
  read(value: Value | undefined): ZodRead | undefined {
    if (value === undefined) return undefined;
    const named = this.sources.nameOf(value);
    if (named === undefined) return this.#readValue(value);
    if (!this.#known(named.key) && !this.#readNamed(named, value)) return undefined;
    const optional = this.#optional.has(named.key);
    return { schema: { place: this.place, ref: named.key }, ...(optional ? { optional } : {}) };
  }

  /** As `read`; what is no schema of Zod's accepts anything, and is told of. */
  readAny(value: Value | undefined): ZodRead {
    const read = this.read(value);
    if (read !== undefined) return read;
    this.report('a schema is not known here; anything is taken for it');
    return { schema: { place: this.place } };
  }

  /** What a schema says itself: that of a declared one is fetched. */
  expand(read: ZodRead): ZodRead {
    const { ref, ...others } = read.schema;
    const target = ref === undefined ? undefined : this.#named.get(ref)?.schema;
    if (target === undefined) return read;
    return { ...this.expand({ schema: { ...target, ...others } }), optional: read.optional ?? false };
  }

  report(message: string): void {
    this.sources.report(message, this.at);
  }

  #known(key: SchemaKey): boolean {
    return this.#named.has(key) || this.#reading.has(key);
  }

  #readNamed({ key, name }: { readonly key: SchemaKey; readonly name: string }, value: Value): boolean {
    this.#reading.add(key);
    const read = this.#readValue(value);
    this.#reading.delete(key);
    if (read === undefined) return false;
    if (read.optional) this.#optional.add(key);
    this.#named.set(key, { key, name, schema: read.schema });
    return true;
  }

  #readValue(value: Value): ZodRead | undefined {
    if (this.#depth > MAX_DEPTH) return undefined;
    const before = this.at;
    if (value.kind === 'call') this.at = value.origin;
    this.#depth += 1;
    try {
      if (value.kind === 'call') return this.#readCall(value);
      if (value.kind === 'choice') return this.#readChoice(value.options);
      if (value.kind === 'member') return this.#readMember(value.of, value.name);
      return undefined;
    } finally {
      this.#depth -= 1;
      this.at = before;
    }
  }

  #readCall({ callee, args }: CallValue): ZodRead | undefined {
    const path = this.zodPath(callee);
    if (path !== undefined) {
      const builder = BUILDERS.get(path);
      if (builder !== undefined) return builder(this, args, path);
      this.report(`z.${path} says nothing that a contract can say; anything is taken for it`);
      return { schema: { place: this.place } };
    }
    if (callee.kind !== 'member') return CHECKS.readHelper(this, callee, args);
    const of = this.read(callee.of);
    if (of === undefined) return undefined;
    const method = METHODS.get(callee.name);
    if (method !== undefined) return method(this, of, args, callee.name);
    this.report(`.${callee.name}() of a schema is not known; it is passed over`);
    return of;
  }

  /** Either of what the sources decide between when they run. */
  #readChoice(options: readonly Value[]): ZodRead | undefined {
    const read = options.map((option) => this.read(option)).filter((option) => option !== undefined);
    if (read.length === 0) return undefined;
    return {
      schema: { place: this.place, anyOf: read.map(({ schema }) => schema) },
      optional: read.some(({ optional }) => optional),
    };
  }

  /** `User.shape.name`, `List.element`. */
  #readMember(of: Value, name: string): ZodRead | undefined {
    if (of.kind === 'member' && of.name === 'shape') {
      const owner = this.read(of.of);
      if (owner === undefined) return undefined;
      const { properties, required } = this.expand(owner).schema;
      const schema = properties?.get(name);
      return schema === undefined ? undefined : { schema, optional: !required?.includes(name) };
    }
    const owner = this.read(of);
    if (owner === undefined) return undefined;
    const { items } = this.expand(owner).schema;
    return name === 'element' && items !== undefined ? { schema: items } : undefined;
  }

  /** `iso.date` for `z.iso.date`; undefined for what is not Zod's own. */
  zodPath(value: Value): string | undefined {
    if (value.kind === 'member') {
      const of = this.zodPath(value.of);
      return of === undefined ? undefined : of === '' ? value.name : `${of}.${value.name}`;
    }
    if (value.kind !== 'external' || !this.#isZod(value.package)) return undefined;
    const [first, ...rest] = value.path;
    return (first === 'z' || first === 'default' ? rest : value.path).join('.');
  }

  #isZod(name: string): boolean {
    return ZOD.test(name) || (this.sources.isZod?.(name) ?? false);
  }

  /** Null or this. */
  nullable(read: ZodRead): ZodRead {
    return { ...read, schema: nullable(read.schema, this.place) };
  }
}

/** Packages that are Zod, or hand it on. */
const ZOD = /^(?:zod(?:\/v[34](?:-mini|\/mini)?|\/mini)?|@hono\/zod-openapi)$/;
