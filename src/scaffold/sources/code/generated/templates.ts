import { decodedText, encodedText } from '../../../frameworks/path-pattern.ts';

/** How a framework writes a route's path. */
export type PathSyntax = 'path-to-regexp' | 'find-my-way' | 'pattern';

/** A piece of a route: text, or the key of a parameter. */
export type RoutePart = { readonly text: string } | { readonly key: string };

/** The piece at a position, and where it ends. */
type Taken = readonly [part: RoutePart, end: number];

/** A route's path in pieces: what frameworks/path-to-regexp.ts and find-my-way.ts print, read back. */
export function partsOf(written: string, syntax: PathSyntax): RoutePart[] {
  const path = syntax === 'pattern' ? written.replace(/^\^/, '').replace(/\$$/, '') : written;
  const parts: RoutePart[] = [];
  for (let at = 0; at < path.length; ) {
    const [part, end] = TAKERS[syntax](path, at) ?? [{ text: path[at] ?? '' }, at + 1];
    parts.push(part);
    at = end;
  }
  return parts;
}

const TAKERS: Readonly<Record<PathSyntax, (path: string, at: number) => Taken | undefined>> = {
  'path-to-regexp': (path, at) => {
    if (path[at] === '\\') return [{ text: path[at + 1] ?? '' }, at + 2];
    const [written, plain, quoted] = matchAt(
      /:(?:([\p{ID_Start}$_][\p{ID_Continue}$]*)|"([^"]*)")/uy,
      path,
      at,
    );
    return written === undefined ? undefined : [{ key: plain ?? quoted ?? '' }, at + written.length];
  },
  'find-my-way': (path, at) => {
    if (path.startsWith('::', at)) return [{ text: ':' }, at + 2];
    const [written, key] = matchAt(/:(\w+)/y, path, at);
    if (written === undefined || key === undefined) return undefined;
    const start = at + written.length;
    if (path[start] !== '(') return [{ key }, start];
    const end = endOfGroup(path, start);
    // Characters that find-my-way cannot match as text stand in parameters of their own.
    const isText = /^text\d+_\d+$/.test(key);
    return [isText ? { text: path.slice(start + 1, end - 1).replaceAll(/\\(.)/g, '$1') } : { key }, end];
  },
  pattern: (path, at) => {
    const [group, key] = matchAt(/\(\?<(\w+)>/y, path, at);
    if (group !== undefined && key !== undefined) return [{ key }, endOfGroup(path, at)];
    const [unicode, code = ''] = matchAt(/\\u([0-9a-f]{4})/y, path, at);
    if (unicode !== undefined)
      return [{ text: String.fromCharCode(Number.parseInt(code, 16)) }, at + unicode.length];
    return path[at] === '\\' ? [{ text: path[at + 1] ?? '' }, at + 2] : undefined;
  },
};

function matchAt(pattern: RegExp, path: string, at: number): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(path) ?? [];
}

/** Where the group of a regular expression that opens at a position has ended. */
function endOfGroup(pattern: string, open: number): number {
  let [depth, inClass] = [0, false];
  for (let at = open; at < pattern.length; at += 1) {
    const sign = pattern[at];
    if (sign === '\\') at += 1;
    else if (inClass) inClass = sign !== ']';
    else if (sign === '[') inClass = true;
    else if (sign === '(') depth += 1;
    else if (sign === ')') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return pattern.length;
}

/** The path template of a route, with the names that the contract gives the parameters. */
export function templateOf(parts: readonly RoutePart[], nameOf: (key: string) => string): string {
  let template = '';
  let text = '';
  for (const part of parts) {
    if ('text' in part) {
      text += part.text;
      continue;
    }
    template += `${readable(text)}{${nameOf(part.key)}}`;
    text = '';
  }
  return template + readable(text);
}

/** Text as people write it, where that cannot be taken for something else. */
function readable(text: string): string {
  const plain = decodedText(text);
  return /[{}%?#]/.test(plain) ? encodedText(text) : plain;
}
