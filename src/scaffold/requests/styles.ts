// Values of parameters as text, in the styles of OpenAPI (3.1, section 4.8.12.2).
import type { Parameter, ParameterStyle } from '../model/api.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';

/** A parameter with its value. */
export interface Given {
  readonly parameter: Parameter;
  readonly value: JsonValue;
}

const encoded = (text: string): string => encodeURIComponent(text);

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** Names and values in turn, as styles that do not explode write objects. */
const flat = (value: JsonValue): string[] =>
  isJsonObject(value)
    ? Object.entries(value).flatMap(([name, part]) => [name, textOf(part)])
    : (isList(value) ? value : [value]).map(textOf);

const pairs = (value: JsonValue): string[] =>
  isJsonObject(value) ? Object.entries(value).map(([name, part]) => `${name}=${textOf(part)}`) : [];

/** One path segment, or a part of one. */
export function inPath({ parameter: { style, explode, name }, value }: Given): string {
  if (style === 'content') return encoded(JSON.stringify(value));
  const parts = explode && isJsonObject(value) ? pairs(value) : flat(value);
  const written = parts.map(encoded).map((part) => part.replaceAll('%3D', '='));
  const plain = isJsonObject(value) && explode ? written : parts.map(encoded);
  if (style === 'label') return `.${plain.join(explode ? '.' : ',')}`;
  if (style !== 'matrix') return plain.join(',');
  if (!explode) return `;${encoded(name)}=${plain.join(',')}`;
  return isJsonObject(value)
    ? plain.map((part) => `;${part}`).join('')
    : plain.map((part) => `;${encoded(name)}=${part}`).join('');
}

const SEPARATORS: Partial<Record<ParameterStyle, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
};

/** `name=value` pairs of a query, encoded; none for an empty list. */
export function inQuery({ parameter: { style, explode, name }, value }: Given): string[] {
  if (style === 'content') return [`${encoded(name)}=${encoded(JSON.stringify(value))}`];
  if (style === 'querystring') return formFields(value);
  if (style === 'deepObject') return bracketed(name, value);
  if (explode && isJsonObject(value)) return formFields(value);
  if (explode && isList(value)) return value.map((item) => `${encoded(name)}=${encoded(textOf(item))}`);
  const parts = flat(value).map(encoded);
  if (isList(value) && parts.length === 0) return [];
  return [`${encoded(name)}=${parts.join(SEPARATORS[style] ?? ',')}`];
}

/** `a[b]=1&a[c][0]=2`: OpenAPI says only what a flat object looks like; this is how clients go on. */
function bracketed(name: string, value: JsonValue): string[] {
  if (!isList(value) && !isJsonObject(value)) return [`${encoded(name)}=${encoded(textOf(value))}`];
  return Object.entries(value).flatMap(([key, part]) => bracketed(`${name}[${key}]`, part));
}

const formFields = (value: JsonValue): string[] =>
  isJsonObject(value)
    ? Object.entries(value).flatMap(([key, part]) =>
        (isList(part) ? part : [part]).map((item) => `${encoded(key)}=${encoded(textOf(item))}`),
      )
    : [];

/** The value of a header. */
export const inHeader = ({ parameter: { style, explode }, value }: Given): string =>
  style === 'content'
    ? JSON.stringify(value)
    : (explode && isJsonObject(value) ? pairs(value) : flat(value)).join(',');

/** `name=value` for the Cookie header. */
export const inCookie = ({ parameter: { style, name }, value }: Given): string =>
  `${name}=${encoded(style === 'content' ? JSON.stringify(value) : flat(value).join(','))}`;
