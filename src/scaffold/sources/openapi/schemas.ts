import type { Diagnostic } from '../../../core/diagnostic.ts';
import { UserError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject, stringAt } from '../../model/json.ts';
import { locationOf } from '../../model/place.ts';
import type { Schema, SchemaKey } from '../../model/schema.ts';
import type { Dialect } from './dialect.ts';
import { tooDeep } from './document.ts';
import { readKeywords } from './keywords.ts';
import { enterKey, type Resolver, type Site, siteKey } from './references.ts';

/** Which schema each dynamic anchor stands for: the outermost resource on the way here decides. */
export type DynamicScope = ReadonlyMap<string, Site>;

/** Outside all resources with dynamic anchors. */
export const NO_SCOPE: DynamicScope = new Map();

/** What a schema is read in. */
export interface SchemaContext {
  readonly site: Site;
  readonly scope: DynamicScope;
  readonly depth: number;
}

/** Inline schemas nested deeper than this are refused; honest documents stay below 30. */
const MAX_DEPTH = 400;

/** A schema that something refers to, before it has a name. */
export interface ReferredSchema {
  readonly key: SchemaKey;
  readonly site: Site;
  readonly schema: Schema;
}

/**
 * Turns schemas of any dialect into the model's. References become keys; what they lead to is read
 * once and kept until `referred` is asked for.
 */
export class SchemaReader {
  readonly dialect: Dialect;
  readonly resolver: Resolver;
  readonly diagnostics: Diagnostic[] = [];
  readonly #referred = new Map<SchemaKey, ReferredSchema>();
  readonly #pending: { readonly key: SchemaKey; readonly context: SchemaContext }[] = [];
  readonly #known = new Set<SchemaKey>();
  /** Base and reference to key, where no dynamic scope is in play. */
  readonly #answers = new Map<string, SchemaKey>();
  /** Keywords that mean nothing here, where the dialect's vocabularies leave some out. */
  readonly #meaningless: ReadonlySet<string> | undefined;
  #readingUnused = false;

  constructor(dialect: Dialect, resolver: Resolver, meaningless?: ReadonlySet<string>) {
    this.dialect = dialect;
    this.resolver = resolver;
    this.#meaningless = meaningless;
  }

  /** Reads the schema at a site; the empty schema when there is none. */
  read(site: Site): Schema {
    return this.readWithin({ site, scope: this.#entering(site.base, NO_SCOPE), depth: 0 });
  }

  /** Reads a schema that stands inside another one. */
  readWithin(context: SchemaContext): Schema {
    const { site, depth } = context;
    if (depth > MAX_DEPTH) throw tooDeep(site.document.name);
    if (site.value === false) return { place: site.place, never: true };
    if (!isJsonObject(site.value)) {
      if (site.value !== undefined && site.value !== true && site.value !== null) {
        this.report('SCF007', 'error', 'a schema must be an object, true or false', site);
      }
      return { place: site.place };
    }
    return readKeywords(this, context, this.#meaningful(site, site.value));
  }

  #meaningful(site: Site, schema: JsonObject): JsonObject {
    const meaningless = this.#meaningless;
    if (meaningless === undefined) return schema;
    const [left, kept] = partition(Object.entries(schema), ([keyword]) => meaningless.has(keyword));
    if (left.length === 0) return schema;
    const names = left.map(([keyword]) => keyword).join(', ');
    this.report('SCF008', 'info', `${names}: a remark in this dialect, not checked`, site);
    return Object.fromEntries(kept);
  }

  /** The context of a part of a schema. */
  part(context: SchemaContext, key: string | number): SchemaContext {
    const site = enterKey(context.site, key);
    return { site, scope: this.#entering(site.base, context.scope), depth: context.depth + 1 };
  }

  /**
   * The key of what a `$ref` or `$dynamicRef` leads to; the schema is read later.
   * Errors: SCF005, or why its document was not read.
   */
  refer(reference: string, context: SchemaContext, dynamic = false): SchemaKey {
    const { site, scope } = context;
    // Documents refer to the same schemas over and over; only dynamic scopes can make a difference.
    const question = scope === NO_SCOPE && !dynamic ? `${site.base} ${reference}` : undefined;
    const answer = question === undefined ? undefined : this.#answers.get(question);
    if (answer !== undefined) return answer;
    let target = this.resolver.resolve(reference, site);
    if (dynamic) target = this.#dynamicTarget(target, reference, scope) ?? target;
    const key = this.referToSite(target, scope);
    if (question !== undefined) this.#answers.set(question, key);
    return key;
  }

  /** As `refer`, but in a schema that no operation uses a broken reference is a warning, and accepts anything. */
  referIfUsed(reference: string, context: SchemaContext, dynamic = false): SchemaKey | undefined {
    try {
      return this.refer(reference, context, dynamic);
    } catch (error) {
      if (!(error instanceof UserError) || !this.#readingUnused) throw error;
      this.report(error.code, 'warning', `${error.message}; no operation uses it`, context.site);
      return undefined;
    }
  }

  /** From here on, what is read is declared in the document but used by no operation. */
  finishUsed(): void {
    this.referred();
    this.#readingUnused = true;
  }

  referToSite(target: Site, scope: DynamicScope): SchemaKey {
    const inner = this.#entering(target.base, scope);
    const key = siteKey(target) + scopeKey(inner);
    if (!this.#known.has(key)) {
      this.#known.add(key);
      this.#pending.push({ key, context: { site: target, scope: inner, depth: 0 } });
    }
    return key;
  }

  /** Everything that was referred to, with all that those refer to in turn, in order of first mention. */
  referred(): ReadonlyMap<SchemaKey, ReferredSchema> {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const { key, context } = next;
      this.#referred.set(key, { key, site: context.site, schema: this.readWithin(context) });
    }
    return this.#referred;
  }

  report(code: string, severity: Diagnostic['severity'], message: string, site: Site, help?: string): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      location: locationOf(site.place, severity === 'error' ? 'any' : 'cheap'),
      ...(help === undefined ? {} : { help }),
    });
  }

  #dynamicTarget(target: Site, reference: string, scope: DynamicScope): Site | undefined {
    const name = reference.slice(reference.indexOf('#') + 1);
    const declared = isJsonObject(target.value) && stringAt(target.value, '$dynamicAnchor') === name;
    return declared ? scope.get(name) : undefined;
  }

  /** Entering a resource adds the dynamic anchors that nothing outside it has bound yet. */
  #entering(base: string, scope: DynamicScope): DynamicScope {
    const declared = this.resolver.dynamicAnchorsOf(base);
    if (declared.size === 0 || [...declared.keys()].every((name) => scope.has(name))) return scope;
    return new Map([...declared, ...scope]);
  }
}

function partition<T>(list: readonly T[], isLeft: (item: T) => boolean): readonly [left: T[], right: T[]] {
  return [list.filter(isLeft), list.filter((item) => !isLeft(item))];
}

function scopeKey(scope: DynamicScope): string {
  return [...scope].map(([name, site]) => `|${name}=${siteKey(site)}`).join('');
}
