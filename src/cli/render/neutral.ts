/**
 * A text from a database as a terminal or a page may show it: what would move the cursor, change colours, or turn
 * the direction of the text round is shown as its code instead of being obeyed.
 */
export function neutral(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '\n' || character === '\t') return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The same on one line. */
export const neutralLine = (text: string): string => neutral(text).replaceAll(/\s+/g, ' ');
