import type { Origin, SourceFile } from '../source-file.ts';
import type { Value } from '../value.ts';

/** What people wrote about an operation. */
export interface Documentation {
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
}

/** The JSDoc in front of a route, or else of its handler. */
export function documentationOf(route: Origin, handler: Value | undefined): Documentation {
  const own = commentAt(route);
  const other = own === undefined && handler?.kind === 'function' ? commentAt(handler.origin) : undefined;
  const text = own ?? other;
  return text === undefined ? { deprecated: false } : read(text);
}

/** The JSDoc whose end has nothing but the beginning of a statement between itself and a place. */
function commentAt({ file, node }: Origin): string | undefined {
  const comment = lastBefore(file, node.start);
  if (comment === undefined) return undefined;
  if (node.start - comment.end > 400) return undefined;
  const between = file.text.slice(comment.end, node.start);
  // `router.get(...)`, `export const list =`, `async list() {`, decorators: what stands in front on the same statement.
  const isNext =
    !/[;{}]\s*\S/.test(between) && between.split('\n').filter((line) => line.trim() !== '').length <= 2;
  return isNext ? comment.value : undefined;
}

function lastBefore({ comments }: SourceFile, offset: number) {
  let [low, high] = [0, comments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const comment = comments[middle];
    if (comment !== undefined && comment.end <= offset) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= Math.max(0, low - 4); at -= 1) {
    const comment = comments[at];
    if (comment?.type === 'Block' && comment.value.startsWith('*')) return comment;
  }
  return undefined;
}

const MAX_SUMMARY = 120;

function read(comment: string): Documentation {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd());
  const tags: [string, string][] = [];
  const prose: string[] = [];
  for (const line of lines) {
    const tag = /^@(\w+)\s*(.*)$/.exec(line.trim());
    if (tag !== null) tags.push([tag[1] ?? '', tag[2] ?? '']);
    else if (tags.length === 0) prose.push(line);
    else {
      const last = tags.at(-1);
      if (last !== undefined && line.trim() !== '') last[1] += ` ${line.trim()}`;
    }
  }
  const given = (name: string): string | undefined =>
    tags.find(([tag]) => tag === name)?.[1].trim() || undefined;
  const isSwagger = tags.some(([tag]) => tag === 'swagger' || tag === 'openapi');
  const text = prose.join('\n').trim();
  const [first = '', ...rest] = text.split(/\n\s*\n/);
  const oneLine = first.replaceAll(/\s+/g, ' ').trim();
  const deprecated = tags.some(([tag]) => tag === 'deprecated');
  if (isSwagger) return { deprecated };
  const summary = given('summary') ?? (oneLine !== '' && oneLine.length <= MAX_SUMMARY ? oneLine : undefined);
  const more = rest.join('\n\n').trim();
  const description =
    given('description') ?? given('desc') ?? (oneLine.length > MAX_SUMMARY ? text : more || undefined);
  return {
    deprecated,
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
  };
}
