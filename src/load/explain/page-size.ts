// Other page sizes of the same request, to see what grows with the rows.

/** What services call the number of rows that they are asked for. */
const NAMES: readonly string[] = [
  'limit',
  'pageSize',
  'page_size',
  'per_page',
  'perPage',
  'first',
  'size',
  'count',
  'take',
  'top',
  '$top',
  'page[size]',
  'pagesize',
  'page-size',
  'max_results',
  'maxResults',
  'rows',
  'results',
  'items',
  'n',
  'num',
];

/** Tried where the request names none of its own. */
const COMMON = 12;

/** A request path with another page size. */
export interface SizedPath {
  readonly parameter: string;
  readonly path: string;
}

/** So few rows that any growth shows. */
const FEW = 2;

/**
 * The path with fewer rows asked for, in the ways that it may understand; `rows` is what it answers as it is. The
 * parameter that the request has itself comes first and alone.
 */
export function smallerPages(path: string, rows: number): SizedPath[] {
  if (rows <= FEW) return [];
  const [own = '', query = ''] = path.split('?', 2);
  const given = new URLSearchParams(query);
  const named = NAMES.filter((name) => /^\d+$/.test(given.get(name) ?? ''));
  return (named.length > 0 ? named : NAMES.slice(0, COMMON)).map((parameter) => {
    const changed = new URLSearchParams(query);
    changed.set(parameter, String(FEW));
    return { parameter, path: `${own}?${changed.toString()}` };
  });
}
