// Texts of the formats of JSON Schema and of OpenAPI's registry, different ones each time.
import { between, digits, letters, type Random } from './random.ts';

const hex = (random: Random, count: number): string =>
  Array.from({ length: count }, () => between(random, 0, 15).toString(16)).join('');

const two = (value: number): string => String(value).padStart(2, '0');

const date = (random: Random): string =>
  `${between(random, 2000, 2029)}-${two(between(random, 1, 12))}-${two(between(random, 1, 28))}`;

const time = (random: Random): string =>
  `${two(between(random, 0, 23))}:${two(between(random, 0, 59))}:${two(between(random, 0, 59))}Z`;

/** RFC 9562, version 4. */
const uuid = (random: Random): string =>
  `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;

const hostname = (random: Random): string => `${letters(random, 10)}.example`;

const base64 = (random: Random): string => Buffer.from(letters(random, 12)).toString('base64');

/** By format; `.example` and 192.0.2.0/24 belong to nobody (RFC 2606, RFC 5737). */
const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  date,
  time,
  'date-time': (random) => `${date(random)}T${time(random)}`,
  duration: (random) => `PT${between(random, 1, 59)}M`,
  email: (random) => `${letters(random, 12)}@mail.example`,
  'idn-email': (random) => `${letters(random, 12)}@mail.example`,
  hostname,
  'idn-hostname': hostname,
  ipv4: (random) => `192.0.2.${between(random, 1, 254)}`,
  ipv6: (random) => `2001:db8::${hex(random, 4)}`,
  uri: (random) => `https://${hostname(random)}/${letters(random, 6)}`,
  url: (random) => `https://${hostname(random)}/${letters(random, 6)}`,
  iri: (random) => `https://${hostname(random)}/${letters(random, 6)}`,
  'uri-reference': (random) => `/${letters(random, 8)}`,
  'iri-reference': (random) => `/${letters(random, 8)}`,
  'uri-template': (random) => `/${letters(random, 6)}/{id}`,
  uuid,
  'json-pointer': (random) => `/${letters(random, 6)}`,
  'relative-json-pointer': (random) => `0/${letters(random, 6)}`,
  regex: (random) => letters(random, 6),
  byte: base64,
  base64url: (random) => Buffer.from(letters(random, 12)).toString('base64url'),
  int64: (random) => String(between(random, 1, 1_000_000)),
  int32: (random) => String(between(random, 1, 1_000_000)),
  decimal: (random) => `${between(random, 1, 999)}.${digits(random, 2)}`,
  char: (random) => letters(random, 1),
};

/** A text of the format; undefined when it is not known, and any text will do. */
export const textOfFormat = (format: string, random: Random): string | undefined =>
  Object.hasOwn(FORMATS, format) ? FORMATS[format]?.(random) : undefined;
