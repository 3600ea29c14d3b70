/** A fenced code block: its language, its attributes (`plan="..."`, `file=x.ts`, bare words) and its text. */
export interface CodeBlock {
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** The line of the fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    attributes: Object.fromEntries(
      [...(match[2] ?? '').matchAll(/([\w-]+)(?:=(?:"([^"]*)"|(\S+)))?/g)].map(
        ([, name = '', quoted, bare]) => [name, quoted ?? bare ?? ''],
      ),
    ),
    text: match[3] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }));
}

/** The anchor that a heading has on the pages of code hosts. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** All anchors of a page. */
export const anchorsOf = (page: string): string[] =>
  [...page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  );

/** The targets of the links of a page, outside code. */
export const linksOf = (page: string): string[] =>
  [...page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target = '']) => target,
  );
