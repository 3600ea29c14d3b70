/** `(ARRAY['a'::character varying, 'b'::character varying])::text[]`, as PostgreSQL prints `v IN ('a', 'b')`. */
const CAST_ARRAY = /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g;

const ITEM = /'(?:[^']|'')*'::character varying/g;

/**
 * PostgreSQL prints an IN list over a varchar column in a way that it reads back differently: what was
 * one cast of the array becomes a cast of every item, and stays so. A schema that was dumped and restored
 * once would differ from itself for ever; here every such text takes its lasting form.
 */
export function settled(printed: string): string {
  if (!printed.includes('::text[]')) return printed;
  return printed.replace(
    CAST_ARRAY,
    (_whole, items: string) => `ARRAY[${items.replace(ITEM, '($&)::text')}]`,
  );
}
