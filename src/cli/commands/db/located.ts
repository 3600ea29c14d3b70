import type { SchemaLocation } from '../../../database/index.ts';

/** Paths are taken from where the command was called, and shown as they were written. */
export const locatedFrom = (cwd: string, location: SchemaLocation): SchemaLocation =>
  location.kind !== 'files' || cwd === '' ? location : { ...location, root: cwd };
