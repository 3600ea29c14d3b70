/** What a terminal obeys instead of showing it: control characters, and marks that turn the order of text round. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\ufeff]/gu;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Text of a document, a server or a database as a terminal may be given it: everything is shown, nothing obeyed. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );

/** The same on one line: text that is not ours cannot begin a line of its own. */
export const visibleLine = (text: string): string => text.replace(OBEYED, escaped);

/** JSON that is the same to its reader, and harmless to a terminal. */
export const visibleJson = (value: unknown): string => visible(JSON.stringify(value, null, 2));
