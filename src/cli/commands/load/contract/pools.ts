import {
  type ContractOperation,
  type JsonValue,
  type PathValues,
  type Resource,
  referredResource,
  resourceKey,
} from '../../../../scaffold/index.ts';

/** The ids of one resource that are known, by where they come from. */
interface Known {
  /** Found in a list: the user's. */
  readonly listed: PathValues[];
  /** Made for this run, to be read and changed. */
  readonly kept: PathValues[];
  /** Made for this run, to be deleted. */
  readonly spare: PathValues[];
}

/** Where ids come from. */
export type Origin = keyof Known;

/** Enough that requests do not all meet the same row. */
const MOST_IDS = 200;

/** The ids that are known, of all resources. */
export class Pools {
  readonly #resources: readonly Resource[];
  readonly #known = new Map<string, Known>();
  readonly #seen = new Set<string>();

  constructor(resources: readonly Resource[]) {
    this.#resources = resources;
  }

  /** Adds ids, each once. */
  add(key: string, origin: Origin, ids: readonly PathValues[]): void {
    const known = this.#of(key);
    for (const values of ids) {
      const text = `${key} ${JSON.stringify(values)}`;
      if (this.#seen.has(text) || (origin === 'listed' && known.listed.length >= MOST_IDS)) continue;
      this.#seen.add(text);
      known[origin].push(values);
    }
  }

  ids(key: string, origins: readonly Origin[]): PathValues[] {
    const known = this.#known.get(key);
    return known === undefined ? [] : origins.flatMap((origin) => known[origin]);
  }

  /**
   * Values for the path of an operation from these origins: for all its parameters or, where its own ids are not known,
   * for those of what it is a part of. One empty list where nothing is known.
   */
  valuesFor({ path }: Pick<ContractOperation, 'path'>, origins: readonly Origin[]): PathValues[] {
    for (let key = resourceKey(path); key !== undefined; key = parentKey(key)) {
      const ids = this.ids(key, origins);
      if (ids.length > 0) return ids;
    }
    return [[]];
  }

  /** A value for a property that refers to something which is known. */
  referred(property: string, random: () => number): JsonValue | undefined {
    const resource = referredResource(property, this.#resources);
    if (resource === undefined) return undefined;
    const ids = this.ids(resource.key, ['kept', 'listed']);
    return ids[Math.floor(random() * ids.length)]?.at(-1);
  }

  #of(key: string): Known {
    const known = this.#known.get(key) ?? { listed: [], kept: [], spare: [] };
    this.#known.set(key, known);
    return known;
  }
}

/** What a resource is a part of. */
export const parentKey = (key: string): string | undefined => {
  const segments = key.split('/');
  const last = segments.findLastIndex((segment) => !segment.includes('{}'));
  return resourceKey(segments.slice(0, last + 1).join('/'));
};

/** The values of a path by the names of its parameters. */
export const boundValues = (
  { pathParameters }: ContractOperation,
  values: PathValues,
): Map<string, JsonValue> =>
  new Map(
    pathParameters.flatMap(({ name }, at) => {
      const value = values[at];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
