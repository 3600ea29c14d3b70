/** How the values of a media type are written. */
export type MediaKind = 'json' | 'form' | 'multipart' | 'text' | 'bytes';

const KINDS: readonly (readonly [RegExp, MediaKind])[] = [
  [/^(?:application|text)\/(?:.+\+)?json$|^\*\/\*$|^application\/\*$/, 'json'],
  [/^application\/x-www-form-urlencoded$/, 'form'],
  [/^multipart\//, 'multipart'],
  [/^text\/|[/+]xml$|[/+]ya?ml$|javascript$|graphql$|\bcsv\b/, 'text'],
];

/** The kind of a media type or range; what is not known is bytes. `*` + `/*` is JSON, as its users mean it. */
export function mediaKind(type: string): MediaKind {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'bytes';
}
