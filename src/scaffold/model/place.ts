import type { Location } from '../../core/diagnostic.ts';

/** The file that a place is in. Lines are looked up only when a message needs them. */
export interface PlaceFile {
  /** The path as a person would write it. */
  readonly name: string;
  /**
   * The line and column of a JSON pointer, both from 1, when the source text tells; with `cheap`, only
   * when that takes no further parsing.
   */
  locate(
    pointer: string,
    effort: 'cheap' | 'any',
  ): { readonly line: number; readonly column: number } | undefined;
}

/** A position in a document, as a link to its parent: a document has too many places to write each out. */
export interface Place {
  readonly file: PlaceFile;
  readonly parent?: Place;
  /** Property name or array index below the parent; absent at the root of a document. */
  readonly key?: string | number;
}

export const rootPlace = (file: PlaceFile): Place => ({ file });

export const escapePointerToken = (token: string): string =>
  token.replaceAll('~', '~0').replaceAll('/', '~1');

export const unescapePointerToken = (token: string): string =>
  token.replaceAll('~1', '/').replaceAll('~0', '~');

/** The keys from the root to a place. */
export function keysOf(place: Place): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.key !== undefined; at = at.parent) keys.unshift(at.key);
  return keys;
}

/** RFC 6901: empty for the root. */
export function pointerOf(place: Place): string {
  return keysOf(place)
    .map((key) => `/${escapePointerToken(String(key))}`)
    .join('');
}

/** What a diagnostic says about a place: a failure takes the trouble to find the line, a remark does not. */
export function locationOf(place: Place, effort: 'cheap' | 'any' = 'any'): Location {
  const pointer = pointerOf(place);
  return { file: place.file.name, pointer, ...place.file.locate(pointer, effort) };
}
