import { flatConditions } from './flat-conditions.ts';
import { icuLocale } from './icu-locale.ts';

/** `(ARRAY['a'::character varying, 'b'::character varying])::text[]`, as PostgreSQL prints `v IN ('a', 'b')`. */
const CAST_ARRAY = /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g;

const ITEM = /'(?:[^']|'')*'::character varying/g;

/** A string, which is never touched, or the field of an EXTRACT, whose case means nothing. */
const FIELD = /'(?:[^']|'')*'|\bEXTRACT\(("?)([A-Za-z_]+)\1 FROM/g;

/** Before PostgreSQL 15 a boolean literal was called `bool`, where nobody can see it. */
const NAMED_LITERAL = /\( SELECT (true|false) AS bool\b/g;

/**
 * PostgreSQL prints some expressions in a way that it reads back differently, or that depends on the
 * version that first read them: an IN list over a varchar column, whose one cast of the array becomes a
 * cast of every item; a BETWEEN before an AND; the case of an EXTRACT's field; the name of a literal in a
 * subquery; the locale of a collation. A schema that
 * was dumped and restored would differ from itself; here every such text takes its lasting form.
 */
export function settled(printed: string): string {
  const body = printed.search(BODY);
  return body === -1 ? lasting(printed) : `${lasting(printed.slice(0, body))}${printed.slice(body)}`;
}

/** Where the body of a function begins as the user wrote it, which is nobody's to change. */
const BODY = /\nAS \$(?:function|procedure)x*\$/;

const lasting = (printed: string): string =>
  flatConditions(withoutNames(withPlainFields(withCastItems(withTag(printed)))));

/** The locale of a collation of ICU, which only some versions keep as a tag. */
const LOCALE = /^(CREATE COLLATION .* \(provider = icu,.*?locale = ')([^']*)'/;

const withTag = (printed: string): string =>
  printed.replace(LOCALE, (_whole, before: string, locale: string) => `${before}${icuLocale(locale)}'`);

function withCastItems(printed: string): string {
  if (!printed.includes('::text[]')) return printed;
  return printed.replace(
    CAST_ARRAY,
    (_whole, items: string) => `ARRAY[${items.replace(ITEM, '($&)::text')}]`,
  );
}

function withPlainFields(printed: string): string {
  if (!printed.includes('EXTRACT(')) return printed;
  return printed.replace(FIELD, (whole, _quote: string, field: string | undefined) =>
    field === undefined ? whole : `EXTRACT(${field.toLowerCase()} FROM`,
  );
}

/** Only where the name occurs nowhere else, so that nothing can mean it. */
function withoutNames(printed: string): string {
  if (!printed.includes(' AS bool')) return printed;
  const without = printed.replace(NAMED_LITERAL, '( SELECT $1');
  return /\bbool\b/.test(without) ? printed : without;
}
