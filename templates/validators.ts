// Stands for the generated file of this name, for the checks of this folder; it is never copied.
import type { Media } from './runtime/body.js';

/** The error that answers where no operation describes another. */
export const usualError: () => readonly [type: string, media: Media] | undefined = () => undefined;
