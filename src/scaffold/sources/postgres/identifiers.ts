/** The parts of a name as PostgreSQL quotes it: `public."My ""table"""` to `['public', 'My "table"']`. */
export function nameParts(quoted: string): string[] {
  const parts = quoted.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}

/** The last part of a name: that of a column, or of a table without its schema. */
export const ownName = (quoted: string): string => nameParts(quoted).at(-1) ?? '';

/** A column as a view's catalog entry gives it, `"my column" numeric(10,2)`: its quoted name and its type. */
export function nameAndType(text: string): readonly [name: string, type: string] {
  const [name = ''] = /^(?:"(?:[^"]|"")*"|\S+)/.exec(text) ?? [];
  return [name, text.slice(name.length + 1)];
}
