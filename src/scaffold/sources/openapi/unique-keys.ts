import { type Document, isScalar, visit, type YAMLMap } from 'yaml';

/** Where the second of two equal keys of one map begins. The parser's own check takes the square of a map's size. */
export function repeatedKey(
  document: Document,
): { readonly key: string; readonly offset: number } | undefined {
  let found: { readonly key: string; readonly offset: number } | undefined;
  visit(document, {
    Map: (_key, map) => {
      found = repeatedIn(map);
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

function repeatedIn({ items }: YAMLMap): { readonly key: string; readonly offset: number } | undefined {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    // A map may be merged with several others.
    if (!isScalar(key) || key.value === '<<') continue;
    if (seen.has(key.value)) return { key: String(key.value), offset: key.range?.[0] ?? 0 };
    seen.add(key.value);
  }
  return undefined;
}
