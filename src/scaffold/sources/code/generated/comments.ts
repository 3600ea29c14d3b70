import type { SourceFile } from '../source-file.ts';

/** What a JSDoc comment says. */
export interface DocComment {
  readonly text: string;
  readonly deprecated: boolean;
}

/** The start of a comment: at the start of its line, or behind the bar of an alternative. */
const START = /(?:^|\n)[\s|]*\/\*\*(?!\/)/;

/** The JSDoc comment directly in front of a position: what emit/quote.ts prints, read back. */
export function docBefore({ text }: SourceFile, start: number): DocComment | undefined {
  let end = start;
  while (end > 0 && /[\s|]/.test(text[end - 1] ?? '')) end -= 1;
  if (!text.endsWith('*/', end)) return undefined;
  // Between the end of the comment before and this one's, there may be more than one thing like a start.
  const before = text.lastIndexOf('*/', end - 3);
  const from = before === -1 ? 0 : before + 2;
  const found = START.exec(text.slice(from, end));
  return found === null ? undefined : readComment(text.slice(from + found.index + found[0].length, end - 2));
}

function readComment(body: string): DocComment {
  const lines = body
    .split('\n')
    .map((line, at) => (at === 0 ? line : line.replace(/^\s*\* ?/, '')).trimEnd());
  const said = lines.filter((line) => line.trim() !== '@deprecated');
  const deprecated = said.length < lines.length;
  if (lines.length > 1 && said.at(-1) === '') said.pop();
  const text = said.join('\n').trimStart().replaceAll('*\\/', '*/');
  return { text: text.trim() === '' ? '' : text, deprecated };
}
