import type { SourceFile } from '../source-file.ts';

/** What a JSDoc comment says. */
export interface DocComment {
  readonly text: string;
  readonly deprecated: boolean;
}

/** The JSDoc comment directly in front of a position: what emit/quote.ts prints, read back. */
export function docBefore({ text }: SourceFile, start: number): DocComment | undefined {
  let end = start;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  if (!text.endsWith('*/', end)) return undefined;
  const begin = text.lastIndexOf('/**', end - 3);
  if (begin === -1 || text.indexOf('*/', begin) < end - 2) return undefined;
  const lines = text
    .slice(begin + 3, end - 2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  const said = lines.filter((line) => line.trim() !== '@deprecated');
  return {
    text: said.join('\n').trim().replaceAll('*\\/', '*/'),
    deprecated: said.length < lines.length,
  };
}
