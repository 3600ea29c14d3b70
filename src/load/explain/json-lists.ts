/** Lists further down than this are parts of rows of rows. */
const DEEPEST = 4;
const MOST_LOOKED_AT = 10_000;

/**
 * The lengths of the lists of objects in a JSON document, the longest first: rows of an answer. Lists of the same
 * depth under different rows are added up, as they are fetched.
 */
export function listLengths(document: unknown): number[] {
  const lengths = new Map<string, number>();
  let looked = 0;
  const visit = (value: unknown, place: string, depth: number): void => {
    looked += 1;
    if (depth > DEEPEST || looked > MOST_LOOKED_AT || typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, `${place}/${key}`, depth + 1);
      return;
    }
    const objects = value.filter((item) => typeof item === 'object' && item !== null).length;
    if (objects > 0) lengths.set(place, (lengths.get(place) ?? 0) + objects);
    for (const item of value) visit(item, `${place}/*`, depth);
  };
  visit(document, '', 0);
  return [...lengths.values()].sort((one, other) => other - one);
}
