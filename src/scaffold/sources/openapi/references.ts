import { UserError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, own, stringAt } from '../../model/json.ts';
import { locationOf, type Place, pointerOf, rootPlace, unescapePointerToken } from '../../model/place.ts';
import type { SourceDocument } from './document.ts';
import { type DocumentSet, withoutFragment } from './load.ts';

/** Where in the documents we are, with what is needed to follow a reference from there. */
export interface Site {
  readonly document: SourceDocument;
  readonly value: JsonValue | undefined;
  readonly place: Place;
  /** The base URI: the document's own, or that of the nearest `$id` above. */
  readonly base: string;
}

/** The site of a part of the value at a site, some keys down. */
export function enter(site: Site, ...keys: readonly (string | number)[]): Site {
  let inner = site;
  for (const key of keys) inner = enterKey(inner, key);
  return inner;
}

/** The site one key down. */
export function enterKey({ document, value, place, base }: Site, key: string | number): Site {
  const part = valueAt(value, key);
  return {
    document,
    value: part,
    place: { file: place.file, parent: place, key },
    base: baseWithin(part, base),
  };
}

function valueAt(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) {
    return typeof key === 'number' || /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  }
  return isJsonObject(value) ? own(value, String(key)) : undefined;
}

function baseWithin(value: JsonValue | undefined, base: string): string {
  const id = isJsonObject(value) ? stringAt(value, '$id') : undefined;
  return (id === undefined ? undefined : withoutFragment(id, base)) ?? base;
}

const NO_ANCHORS: ReadonlyMap<string, Site> = new Map();

/** Follows references between and inside the documents, by pointer, `$id` and `$anchor`. */
export class Resolver {
  readonly #roots = new Map<string, Site>();
  /** `uri#anchor` to the schema that declares it. */
  readonly #anchors = new Map<string, Site>();
  /** Resource URI to the dynamic anchors declared in it. */
  readonly #dynamicAnchors = new Map<string, Map<string, Site>>();

  readonly #failures: ReadonlyMap<string, UserError>;

  constructor({ documents, failures }: DocumentSet) {
    this.#failures = failures;
    for (const [uri, document] of documents) {
      this.#roots.set(uri, rootSite(document));
      if (/["']?\$(?:id|anchor|dynamicAnchor)["']?\s*:/.test(document.text)) this.#index(rootSite(document));
    }
  }

  /** What a reference leads to. Errors: SCF005, or why its document was not read, with the place of the reference. */
  resolve(reference: string, from: Site): Site {
    const found = this.#find(reference, from);
    if (found?.value !== undefined) return found;
    const failure = this.#failures.get(withoutFragment(reference, from.base) ?? '');
    if (failure !== undefined) throw failureAt(failure, reference, from);
    throw new UserError('SCF005', `$ref ${JSON.stringify(reference)} leads nowhere`, {
      help: 'Mend the reference, or add what it points to.',
      location: locationOf(from.place),
    });
  }

  /** The dynamic anchors that a schema resource declares, by name. */
  dynamicAnchorsOf(base: string): ReadonlyMap<string, Site> {
    return this.#dynamicAnchors.get(base) ?? NO_ANCHORS;
  }

  #find(reference: string, from: Site): Site | undefined {
    const hash = reference.indexOf('#');
    const address = hash === -1 ? reference : reference.slice(0, hash);
    const fragment = hash === -1 ? '' : decodeFragment(reference.slice(hash + 1));
    const uri = address === '' ? from.base : withoutFragment(address, from.base);
    if (uri === undefined || fragment === undefined) return undefined;
    if (fragment !== '' && !fragment.startsWith('/')) return this.#anchors.get(`${uri}#${fragment}`);
    const root = this.#roots.get(uri);
    if (root === undefined) return undefined;
    const keys = fragment.split('/').slice(1).map(unescapePointerToken);
    return enter(root, ...keys);
  }

  /** Registers every schema resource and anchor of a document; iterative, so depth costs memory and not the stack. */
  #index(root: Site): void {
    const pending: { readonly site: Site; readonly named: boolean }[] = [{ site: root, named: false }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { site, named } = next;
      const { value } = site;
      if (Array.isArray(value)) {
        value.forEach((_, at) => void pending.push({ site: enter(site, at), named: false }));
      } else if (isJsonObject(value)) {
        if (!named) this.#register(site, value);
        for (const key of Object.keys(value)) {
          if (!named && VALUE_KEYWORDS.has(key)) continue;
          pending.push({ site: enter(site, key), named: !named && NAMED_PARTS.has(key) });
        }
      }
    }
  }

  #register(site: Site, schema: JsonObject): void {
    if (stringAt(schema, '$id') !== undefined) this.#roots.set(site.base, site);
    const anchor = stringAt(schema, '$anchor');
    const dynamicAnchor = stringAt(schema, '$dynamicAnchor');
    for (const name of [anchor, dynamicAnchor]) {
      if (name !== undefined) this.#anchors.set(`${site.base}#${name}`, site);
    }
    if (dynamicAnchor === undefined) return;
    const declared = this.#dynamicAnchors.get(site.base) ?? new Map<string, Site>();
    this.#dynamicAnchors.set(site.base, declared.set(dynamicAnchor, site));
  }
}

function failureAt(failure: UserError, reference: string, from: Site): UserError {
  const { code, kind, help, message } = failure;
  return new UserError(code, `$ref ${JSON.stringify(reference)} cannot be followed: ${message}`, {
    kind,
    ...(help === undefined ? {} : { help }),
    location: locationOf(from.place),
    cause: failure,
  });
}

/** Keywords whose value is data: an `$id` in there identifies nothing. */
const VALUE_KEYWORDS: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);

/** Objects whose keys are names, not keywords. */
const NAMED_PARTS: ReadonlySet<string> = new Set([
  '$defs',
  'definitions',
  'properties',
  'patternProperties',
  'dependentSchemas',
]);

export function rootSite(document: SourceDocument): Site {
  const { root, uri } = document;
  return { document, value: root, place: rootPlace(document), base: baseWithin(root, uri) };
}

function decodeFragment(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

/** A text that is the same for the same place in the same document, and for no other. */
export const siteKey = ({ document, place }: Site): string => `${document.uri}#${pointerOf(place)}`;
