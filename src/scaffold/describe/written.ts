import { type Document, isMap, isNode, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** How a document is written. */
export type Format = 'yaml' | 'json';

/** JSON by its extension, YAML otherwise. */
export const formatOf = (file: string): Format => (/\.json$/i.test(file) ? 'json' : 'yaml');

const YAML_OPTIONS = { lineWidth: 100, aliasDuplicateObjects: false } as const;

export const printDocument = (document: JsonObject, format: Format): string =>
  format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document, YAML_OPTIONS);

/**
 * A document's text with new values in it: comments, order and style of what stays are as they were. Text that says
 * the same already is given back as it is.
 */
export function rewriteText(text: string, before: JsonValue, after: JsonObject, format: Format): string {
  if (JSON.stringify(before) === JSON.stringify(after)) return text;
  if (/^\s*\{/.test(text)) return printDocument(after, 'json');
  const parsed = parseDocument(text, { uniqueKeys: false });
  if (hasAliases(parsed) || !isMap(parsed.contents)) return printDocument(after, format);
  change(parsed, [], before, after);
  return parsed.toString(YAML_OPTIONS);
}

/** What an alias stands for is written once: changing it in one place would change the others. */
function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
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
      if (item === undefined) node.add(document.createPair(key, value, { aliasDuplicateObjects: false }));
      else if (typeof at === 'string' || typeof at === 'number')
        change(document, [...path, at], before[key] ?? null, value);
    }
    return;
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && before.length <= after.length) {
    for (const [at, value] of after.entries()) {
      const old: JsonValue | undefined = before[at];
      if (old === undefined) node.add(document.createNode(value, { aliasDuplicateObjects: false }));
      else change(document, [...path, at], old, value);
    }
    return;
  }
  if (path.length > 0) document.setIn(path, document.createNode(after, { aliasDuplicateObjects: false }));
}
