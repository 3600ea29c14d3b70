/**
 * The only ways for text from a document into generated code: one function for each kind of place.
 * Whatever the text is, what comes out is one literal, one key or one comment, and nothing else.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Quotes, backslashes, control characters, line separators, lone surrogates and bidirectional marks. */
const UNSAFE = /['\\\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/gu;

const escapeUnit = (unit: string): string =>
  ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A single-quoted string literal. */
export const quoteString = (text: string): string =>
  PLAIN_TEXT.test(text) ? `'${text}'` : `'${text.replace(UNSAFE, escapeUnit)}'`;

/** Printable ASCII without quotes and backslashes, as nearly all text is: much quicker to test than to escape. */
const PLAIN_TEXT = /^[ -&(-[\]-~]*$/;

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** A property name in a type: bare when it is a plain identifier, else quoted. */
export const typeKey = (name: string): string => (PLAIN_KEY.test(name) ? name : quoteString(name));

/** A property name in an object literal, where a bare or quoted `__proto__` would set the prototype. */
export const objectKey = (name: string): string => (name === '__proto__' ? "['__proto__']" : typeKey(name));

/** A number literal; JSON has no others than finite ones. */
export const quoteNumber = (value: number): string => (Object.is(value, -0) ? '0' : String(value));

/**
 * A JSDoc comment of one or more lines at an indentation, or nothing for no text. The comment cannot
 * be closed from within, and holds no line break that an editor and the compiler would see differently.
 */
export function docComment(text: string | undefined, indent = ''): string {
  const lines = commentLines(text);
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

const COMMENT_UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/gu;

/** Longer descriptions are for the document's readers, not for the hover text of an editor. */
const MAX_COMMENT_LINES = 12;

function commentLines(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (PLAIN_COMMENT.test(trimmed)) return [trimmed];
  const lines = trimmed
    .split(/\r\n?|[\n\u0085\u2028\u2029]/)
    .map((line) => line.replace(COMMENT_UNSAFE, ' ').replaceAll('*/', '*\\/').trimEnd());
  return lines.length > MAX_COMMENT_LINES ? [...lines.slice(0, MAX_COMMENT_LINES), '...'] : lines;
}

/** One line of printable ASCII that cannot close the comment. */
const PLAIN_COMMENT = /^[ -)+-~]*$/;
