import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { printYaml, quoteTexts, YAML_OPTIONS } from './yaml.ts';

/** How a document is written. */
export type Format = 'yaml' | 'json';

/** JSON by its extension, YAML otherwise. */
export const formatOf = (file: string): Format => (/\.json$/i.test(file) ? 'json' : 'yaml');

export const printDocument = (document: JsonObject, format: Format): string =>
  format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : printYaml(document);

/** A text, and whether it says in full what the one before said by aliases. */
export interface Rewritten {
  readonly text: string;
  readonly unfolded: boolean;
}

/**
 * A document's text with new values in it: comments, order and style of what stays are as they were. Text that says
 * the same already is given back as it is.
 */
export function rewriteText(text: string, before: JsonValue, after: JsonObject, format: Format): Rewritten {
  if (JSON.stringify(before) === JSON.stringify(after)) return { text, unfolded: false };
  if (/^\s*\{/.test(text)) return { text: printDocument(after, 'json'), unfolded: false };
  const parsed = parseDocument(text, { uniqueKeys: false });
  if (!isMap(parsed.contents)) return { text: printDocument(after, format), unfolded: false };
  const unfolded = unfoldAliases(parsed);
  change(parsed, [], before, after);
  return { text: parsed.toString(YAML_OPTIONS), unfolded };
}

/**
 * What an alias stands for is written once: changing it in one place would change the others. So each gets a copy,
 * and whether there was one is answered. Merge keys (`<<: *a`) become the members that they stand for.
 */
function unfoldAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: (_key, alias) => {
      found = true;
      return copyOf(alias, document);
    },
    Map: (_key, map) => {
      found = spreadMerges(map, document) || found;
    },
  });
  if (found) {
    visit(document, {
      Node: (_key, node) => {
        if ('anchor' in node) delete node.anchor;
      },
    });
  }
  return found;
}

/** The node that an alias stands for, without its name. */
function copyOf(alias: Alias, document: Document): Node | undefined {
  const node = alias.resolve(document)?.clone() as (Node & { anchor?: string }) | undefined;
  if (node !== undefined) delete node.anchor;
  return node;
}

/** Puts the members of merged maps where the merge key was; what the map says itself comes first. */
function spreadMerges(map: YAMLMap, document: Document): boolean {
  const isMerge = ({ key }: Pair): boolean => isScalar(key) && key.value === '<<';
  const merges = map.items.filter(isMerge);
  if (merges.length === 0) return false;
  const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);
  const names = new Set(map.items.map(({ key }) => nameOf(key)));
  const given = merges.flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  map.items = map.items.filter((pair) => !isMerge(pair));
  for (const source of given) {
    const node = isAlias(source) ? copyOf(source, document) : source;
    if (!isMap(node)) continue;
    spreadMerges(node, document);
    for (const pair of node.items) {
      if (names.has(nameOf(pair.key))) continue;
      names.add(nameOf(pair.key));
      map.items.push(pair);
    }
  }
  return true;
}

function change(
  document: Document,
  path: readonly (string | number)[],
  before: JsonValue,
  after: JsonValue,
): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(node) && isJsonObject(before) && isJsonObject(after)) {
    for (const item of [...node.items]) {
      const key = isScalar(item.key) ? item.key.value : item.key;
      if (!isNode(key) && !Object.hasOwn(after, String(key))) node.delete(item.key);
    }
    for (const [key, value] of Object.entries(after)) {
      // Status codes and the like may be numbers in YAML.
      const item = node.items.find(({ key: own }) => String(isScalar(own) ? own.value : own) === key);
      const at = item === undefined ? key : isScalar(item.key) ? item.key.value : item.key;
      if (item === undefined)
        node.add(quoteTexts(document.createPair(key, value, { aliasDuplicateObjects: false })));
      else if (typeof at === 'string' || typeof at === 'number')
        change(document, [...path, at], before[key] ?? null, value);
    }
    return;
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && before.length <= after.length) {
    for (const [at, value] of after.entries()) {
      const old: JsonValue | undefined = before[at];
      if (old === undefined)
        node.add(quoteTexts(document.createNode(value, { aliasDuplicateObjects: false })));
      else change(document, [...path, at], old, value);
    }
    return;
  }
  if (path.length > 0)
    document.setIn(path, quoteTexts(document.createNode(after, { aliasDuplicateObjects: false })));
}
