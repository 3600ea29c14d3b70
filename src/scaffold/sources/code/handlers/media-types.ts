import { textOf, type Value } from '../value.ts';

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
};

/** A media type without its parameters, from a media type or an extension. */
export function mediaTypeOf(value: Value | undefined): string | undefined {
  const text = textOf(value)?.split(';')[0]?.trim().toLowerCase();
  if (text === undefined) return undefined;
  const extension = text.replace(/^\./, '');
  if (Object.hasOwn(EXTENSIONS, extension)) return EXTENSIONS[extension];
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(text) ? text : undefined;
}
