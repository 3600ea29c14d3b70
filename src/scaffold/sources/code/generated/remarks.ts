import type { ObjectExpression } from 'oxc-parser';
import type { SourceFile } from '../source-file.ts';

/**
 * What the block comments directly in front of a position say, the outermost first: emit/remarks.ts writes the
 * members of an object literal. A comment that is something else says nothing.
 */
export function remarkBefore(
  { text }: SourceFile,
  start: number,
  parse: (text: string) => ObjectExpression | undefined,
): ObjectExpression[] {
  const found: ObjectExpression[] = [];
  let end = spaceBefore(text, start);
  while (text[end - 1] === '/' && text[end - 2] === '*') {
    const begin = text.lastIndexOf('/*', end - 2);
    if (begin === -1) break;
    const said = parse(text.slice(begin + 2, end - 2));
    if (said === undefined) break;
    found.unshift(said);
    end = spaceBefore(text, begin);
  }
  return found;
}

function spaceBefore(text: string, start: number): number {
  let at = start;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\n')) at -= 1;
  return at;
}

/** The members that a remark has. */
const SAYS = /^\s*(?:format|pattern|default|discriminator|described):/;

/** Reads remarks by a parser of expressions. Documents say the same things over and over. */
export function remarkParser(
  parse: (text: string) => ObjectExpression | undefined,
): (text: string) => ObjectExpression | undefined {
  const known = new Map<string, ObjectExpression | undefined>();
  return (text) => {
    if (!SAYS.test(text)) return undefined;
    if (!known.has(text)) known.set(text, parse(text));
    return known.get(text);
  };
}
