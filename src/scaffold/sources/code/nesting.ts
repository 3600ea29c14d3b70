/**
 * The parser recurses on its native stack, and a process that overflows it dies without a word. These limits are a
 * third of what was seen to kill it on the smallest stack we may run on (4 MB, a worker thread); no source that a
 * person wrote comes near them.
 */
const MAX_DEPTH = 300;

/** How often a token that may nest without brackets can stand in a file. */
const MAX_COUNTS: Readonly<Record<string, number>> = {
  '=>': 3_000,
  else: 5_000,
  '=': 8_000,
  '?': 5_000,
  ':': 8_000,
  '<': 2_000,
  '.': 15_000,
  '+': 15_000,
  '-': 15_000,
  '!': 15_000,
  '~': 15_000,
  '*': 15_000,
  '&': 15_000,
  '|': 15_000,
};

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|\belse\b|=>|[()[\]{}`=?:<.+\-!~*&|/]/g;

/**
 * The same where no template literal can hide anything: behind these signs a slash begins a regular expression, whose
 * brackets mean nothing, and a declaration at the start of a line ends whatever was nested without brackets.
 */
const PLAIN_TOKEN = new RegExp(
  String.raw`\nexport (?:const|interface|type) |(?<=[(,[=:] ?)\/(?![/*])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|${TOKEN.source}`,
  'g',
);

/** Why a source is not handed to the parser; undefined when it may be. */
export const tooNested = (text: string): string | undefined => nestingOf(text, PLAIN_TOKEN);

function nestingOf(text: string, pattern: RegExp): string | undefined {
  const counts = new Map<string, number>();
  let depth = 0;
  // Where a slash may begin a regular expression, quotes mean nothing: brackets then only count as opened.
  let unsureUntil = -1;
  for (const { 0: token, index } of text.matchAll(pattern)) {
    if (token === '`' && pattern === PLAIN_TOKEN) return nestingOf(text, TOKEN);
    if (token.startsWith('\n')) counts.clear();
    else if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth = index < unsureUntil ? depth : Math.max(0, depth - 1);
    else if (token === '/') unsureUntil = endOfDoubt(text, index, unsureUntil);
    if (depth > MAX_DEPTH) return `brackets are nested more than ${MAX_DEPTH} deep`;
    const limit = MAX_COUNTS[token];
    if (limit === undefined) continue;
    const count = (counts.get(token) ?? 0) + 1;
    if (count > limit) return `${token} stands more than ${limit} times in it`;
    counts.set(token, count);
  }
  return undefined;
}

/** A line in which a slash is followed by a quote may be read in two ways. */
function endOfDoubt(text: string, slash: number, before: number): number {
  if (slash < before) return before;
  const end = text.indexOf('\n', slash);
  const rest = text.slice(slash + 1, end === -1 ? text.length : end);
  return /["'`]/.test(rest) ? slash + 1 + rest.length : before;
}
