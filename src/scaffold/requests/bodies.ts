// Bodies as bytes, by media type.
import type { MediaType, Parameter } from '../model/api.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import { type MediaKind, mediaKind } from '../model/media.ts';
import { inQuery } from './styles.ts';

/** A body with what has to be said of it. */
export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** The media types that bodies are made of, the best first. */
const PREFERRED: readonly MediaKind[] = ['json', 'form', 'multipart', 'text', 'bytes'];

/** The one to send of those that an operation takes. */
export const preferredMedia = (content: readonly MediaType[]): MediaType | undefined =>
  PREFERRED.flatMap((kind) => content.filter(({ type }) => mediaKind(type) === kind))[0];

/** Undefined where the value cannot be written as the media type: XML of an object, a form of a number. */
export function encodeBody(media: MediaType, value: JsonValue, parts: Parts): EncodedBody | undefined {
  return ENCODERS[mediaKind(media.type)](media, value, parts);
}

/** How the fields of a multipart body are told apart, and which of them are files. */
export interface Parts {
  readonly boundary: string;
  readonly files: ReadonlySet<string>;
}

type Encoder = (media: MediaType, value: JsonValue, parts: Parts) => EncodedBody | undefined;

const ENCODERS: Readonly<Record<MediaKind, Encoder>> = {
  json: ({ type }, value) => body(type.includes('*') ? 'application/json' : type, JSON.stringify(value)),
  form: (media, value) =>
    isJsonObject(value)
      ? body(
          media.type,
          Object.entries(value)
            .flatMap(([name, part]) => formField(media, name, part))
            .join('&'),
        )
      : undefined,
  multipart: ({ type }, value, { boundary, files }) => {
    if (!isJsonObject(value)) return undefined;
    const fields = Object.entries(value).flatMap(([name, part]) =>
      multipartField(name, part, files.has(name)),
    );
    const text = fields.map((field) => `--${boundary}\r\n${field}\r\n`).join('');
    const own = type.includes('*') ? 'multipart/form-data' : type;
    return body(`${own}; boundary=${boundary}`, `${text}--${boundary}--\r\n`);
  },
  text: ({ type }, value) =>
    typeof value === 'string' ? body(type.includes('*') ? 'text/plain' : type, value) : undefined,
  bytes: ({ type }, value) =>
    typeof value === 'string'
      ? body(type.includes('*') ? 'application/octet-stream' : type, value)
      : undefined,
};

const body = (contentType: string, text: string): EncodedBody => ({ contentType, bytes: Buffer.from(text) });

function formField({ encoding, schema }: MediaType, name: string, value: JsonValue): string[] {
  const own = encoding.get(name);
  const parameter: Parameter = {
    name,
    in: 'query',
    required: true,
    style: own?.style ?? (own?.contentType?.includes('json') ? 'content' : 'form'),
    explode: own?.explode ?? (own?.style ?? 'form') === 'form',
    deprecated: false,
    schema,
    place: schema.place,
  };
  // Objects have no form of their own in a form: JSON, unless the contract says otherwise.
  const plain = isJsonObject(value) && own?.style === undefined;
  return inQuery({ parameter: plain ? { ...parameter, style: 'content' } : parameter, value });
}

function multipartField(name: string, value: JsonValue, isFile: boolean): string[] {
  const quoted = name.replaceAll(/["\r\n]/g, (found) => encodeURIComponent(found));
  const head = `Content-Disposition: form-data; name="${quoted}"`;
  return (Array.isArray(value) ? value : [value]).map((part: JsonValue) => {
    if (isFile)
      return `${head}; filename="file.bin"\r\nContent-Type: application/octet-stream\r\n\r\n${String(part)}`;
    if (typeof part !== 'object' || part === null) return `${head}\r\n\r\n${String(part)}`;
    return `${head}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(part)}`;
  });
}
