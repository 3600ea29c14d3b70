import type { ApiModel } from '../../src/scaffold/index.ts';

/** A request for operations, and those that may answer it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly ids: readonly string[];
}

/** For every operation a bare request to its own path. */
export function operationsToAsk({ operations }: ApiModel): Asked[] {
  const asked = operations.map(({ id, method, path }) => ({ id, method, url: samplePath(path) }));
  const ids = new Map<string, string[]>();
  for (const { id, method, url } of asked) {
    const same = ids.get(`${method} ${url}`);
    if (same === undefined) ids.set(`${method} ${url}`, [id]);
    else same.push(id);
  }
  // Operations of one method and URL are told apart by parameters and bodies, which a bare request has not.
  return asked.map(({ method, url }) => ({ method, url, ids: ids.get(`${method} ${url}`) ?? [] }));
}

/** A path with something for each parameter, encoded as a client would send it. */
const samplePath = (path: string): string =>
  encodeURI(path.replace(/[#?].*$/, '').replaceAll(/\{[^{}]+\}/g, '1'));
