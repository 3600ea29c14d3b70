import { textOf, type UnknownValue, type Value } from '../value.ts';

/** The media type of what may be sent as any. */
export const ANY_TYPE = '*/*';

/** What a file holds: nothing that a schema would say. */
export const FILE: UnknownValue = { kind: 'unknown' };

/** What a framework is told to send, where anything else than a media type or an extension that is known may be one. */
export const saidMediaType = (value: Value | undefined): string => mediaTypeOf(value) ?? ANY_TYPE;

/** The media types of the extensions that frameworks take in their place. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  json: 'application/json',
  html: 'text/html',
  htm: 'text/html',
  text: 'text/plain',
  txt: 'text/plain',
  xml: 'application/xml',
  csv: 'text/csv',
  css: 'text/css',
  js: 'text/javascript',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  zip: 'application/zip',
  bin: 'application/octet-stream',
  md: 'text/markdown',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  ics: 'text/calendar',
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  jsonld: 'application/ld+json',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
  gz: 'application/gzip',
  tar: 'application/x-tar',
  webp: 'image/webp',
  ico: 'image/vnd.microsoft.icon',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  woff2: 'font/woff2',
};

/** A media type without its parameters, from a media type or an extension. */
export function mediaTypeOf(value: Value | undefined): string | undefined {
  const text = textOf(value)?.split(';')[0]?.trim().toLowerCase();
  if (text === undefined) return undefined;
  const extension = text.replace(/^\./, '');
  if (Object.hasOwn(EXTENSIONS, extension)) return EXTENSIONS[extension];
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(text) ? text : undefined;
}
