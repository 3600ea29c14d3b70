/**
 * Indents generated code by its brackets: printers write one construct a line and leave the depth to
 * this pass. A line goes one level deeper than the line that opened the bracket it stands in, however
 * many brackets that line opened. Brackets inside literals do not count.
 */
export function reindent(code: string): string {
  const out: string[] = [];
  /** For each open bracket, the level of the line that opened it. */
  let open: number[] = [];
  for (const line of code.split('\n')) {
    const text = line.trim();
    // A declaration starts at the margin, whatever was counted before it.
    if (text.startsWith('export ')) open = [];
    const { level, rest } = placeLine(text, open);
    out.push(text === '' ? '' : '  '.repeat(level) + text);
    open = rest;
  }
  return out.join('\n');
}

/** Brackets of generated code; string literals and regular expressions are matched whole, so that theirs do not count. */
const LITERALS_OR_BRACKETS =
  /'(?:[^'\\]|\\.)*'|\/(?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*(?=[),\]])|[{}()[\]]/g;

function placeLine(line: string, open: readonly number[]): { level: number; rest: number[] } {
  const rest = [...open];
  const outer = rest.at(-1);
  let level = outer === undefined ? 0 : outer + 1;
  let atStart = true;
  let end = 0;
  for (const { 0: token, index } of line.matchAll(LITERALS_OR_BRACKETS)) {
    if (index > end) atStart = false;
    end = index + token.length;
    if (token === '}' || token === ')' || token === ']') {
      const opener = rest.pop();
      if (atStart && opener !== undefined) level = opener;
    } else {
      atStart = false;
      if (token === '{' || token === '(' || token === '[') rest.push(level);
    }
  }
  return { level, rest };
}
