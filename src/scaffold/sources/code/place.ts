import type { Place, PlaceFile } from '../../model/place.ts';
import { locationOf, type Origin } from './source-file.ts';

/** A position in a source, whose line is looked up when a message needs it. */
class SourcePlace implements PlaceFile {
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  get name(): string {
    return this.#origin.file.shown;
  }

  locate(): { readonly line: number; readonly column: number } | undefined {
    const { line, column } = locationOf(this.#origin);
    return line === undefined || column === undefined ? undefined : { line, column };
  }
}

export const placeOf = (origin: Origin): Place => ({ file: new SourcePlace(origin) });
