import { encodedText } from '../../../frameworks/path-pattern.ts';

/** How a framework writes a route's path. */
export type PathSyntax = 'path-to-regexp' | 'find-my-way' | 'pattern';

/** A piece of a route: text, or the key of a parameter. */
export type RoutePart = { readonly text: string } | { readonly key: string };

/** A route's path in pieces: what frameworks/path-to-regexp.ts and find-my-way.ts print, read back. */
export function partsOf(path: string, syntax: PathSyntax): RoutePart[] {
  const parts: RoutePart[] = [];
  const pattern = TOKENS[syntax];
  for (const match of bare(path, syntax).matchAll(pattern)) {
    const { escaped, key, quoted, unicode, plain, literal } = match.groups ?? {};
    const name = key ?? quoted;
    if (literal !== undefined) parts.push({ text: literal.replaceAll(/\\(.)/g, '$1') });
    else if (name !== undefined) parts.push({ key: name });
    else if (unicode !== undefined) parts.push({ text: String.fromCharCode(Number.parseInt(unicode, 16)) });
    else parts.push({ text: escaped ?? plain ?? '' });
  }
  return parts;
}

const bare = (path: string, syntax: PathSyntax): string =>
  syntax === 'pattern' ? path.replace(/^\^/, '').replace(/\$$/, '') : path;

/** The pattern of a parameter may hold groups, and classes with brackets in them. */
const GROUP = String.raw`(?:[^()[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\]|\((?:[^()[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\]|\((?:[^()[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\])*\))*\))*`;

const TOKENS: Readonly<Record<PathSyntax, RegExp>> = {
  'path-to-regexp':
    /\\(?<escaped>[\s\S])|:(?<key>[\p{ID_Start}$_][\p{ID_Continue}$]*)|:"(?<quoted>[^"]*)"|(?<plain>[\s\S])/gu,
  'find-my-way': new RegExp(
    String.raw`:(?<escaped>:)|:text\d+_\d+\((?<literal>(?:\\.|[^)\\])*)\)|:(?<key>\w+)(?:\(${GROUP}\))?|(?<plain>[\s\S])`,
    'gu',
  ),
  pattern: new RegExp(
    String.raw`\(\?<(?<key>\w+)>${GROUP}\)|\\u(?<unicode>[0-9a-f]{4})|\\(?<escaped>[\s\S])|(?<plain>[\s\S])`,
    'gu',
  ),
};

/** The path template of a route, with the names that the contract gives the parameters; text as requests carry it. */
export function templateOf(parts: readonly RoutePart[], nameOf: (key: string) => string): string {
  let template = '';
  let text = '';
  for (const part of parts) {
    if ('text' in part) {
      text += part.text;
      continue;
    }
    template += `${encodedText(text)}{${nameOf(part.key)}}`;
    text = '';
  }
  return template + encodedText(text);
}
