import type { Json } from './documents.ts';

/** A place of a document that holds text: a string, or the name of a member. */
export interface Position {
  readonly kind: 'key' | 'value';
  /** From the root to the string, or to the member whose name it is. */
  readonly path: readonly (string | number)[];
}

/** Every text of a document, names of members included. */
export function* positionsOf(value: Json, path: readonly (string | number)[] = []): Generator<Position> {
  if (typeof value === 'string') yield { kind: 'value', path };
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* positionsOf(item, [...path, at]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      yield { kind: 'key', path: [...path, key] };
      yield* positionsOf(part, [...path, key]);
    }
  }
}

/** The document with other texts at these positions; references to what was renamed lead nowhere then. */
export function withTexts(document: Json, texts: ReadonlyMap<Position, string>): Json {
  const values = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const [{ kind, path }, text] of texts)
    (kind === 'key' ? keys : values).set(JSON.stringify(path), text);
  const change = (value: Json, path: readonly (string | number)[]): Json => {
    if (typeof value === 'string') return values.get(JSON.stringify(path)) ?? value;
    if (Array.isArray(value)) return value.map((item, at) => change(item, [...path, at]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        const inner = [...path, key];
        return [keys.get(JSON.stringify(inner)) ?? key, change(part, inner)];
      }),
    );
  };
  return change(document, []);
}

/** What a rename of a schema breaks: its references follow. */
export function following(document: Json, texts: ReadonlyMap<Position, string>): Json {
  const moved = new Map<string, string>();
  for (const [{ kind, path }, text] of texts) {
    if (kind !== 'key' || !isNamedSchema(path)) continue;
    const [section, name] = [path.slice(0, -1).join('/'), String(path.at(-1))];
    moved.set(`#/${section}/${name}`, `#/${section}/${fragment(text)}`);
  }
  const change = (value: Json): Json => {
    if (typeof value === 'string') return moved.get(value) ?? value;
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
  };
  return change(document);
}

const isNamedSchema = (path: readonly (string | number)[]): boolean =>
  (path.length === 2 && path[0] === 'definitions') ||
  (path.length === 3 && path[0] === 'components' && path[1] === 'schemas');

/** A URI cannot carry half of a surrogate pair: the reference then leads elsewhere, or nowhere. */
const fragment = (text: string): string =>
  encodeURIComponent(
    text
      .replaceAll('~', '~0')
      .replaceAll('/', '~1')
      .replaceAll(/\p{Cs}/gu, ''),
  );
