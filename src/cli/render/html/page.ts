// One self-contained HTML file: no script, no network, readable on a phone, on paper and in the dark.

/** Text made safe for HTML content and attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #656d76; --line: #d0d7de; --back: #fff;
  --one: #0969da; --two: #bc4c00; --bad: #cf222e; --good: #1a7f37; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #8d96a0; --line: #30363d; --back: #0d1117;
  --one: #4493f8; --two: #f0883e; --bad: #f85149; --good: #3fb950; --warn: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; color: var(--ink); background: var(--back);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p.note { color: var(--soft); margin: .25rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.card b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); }
.scroll { overflow-x: auto; } .command { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; border-left: 3px solid var(--line); padding-left: .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 11px; }
.bad { color: var(--bad); } .good { color: var(--good); } .warning { color: var(--warn); }
@media (max-width: 40rem) { svg text { font-size: 17px; } }
@media print { body { max-width: none; font-size: 11pt; } h2 { break-after: avoid; } svg, table { break-inside: avoid; } }
`;

/** A whole page. `body` is HTML, `title` is text. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** One figure with its name below. */
export function card(value: string, name: string): string {
  return `<div class="card"><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`;
}

/** A table of texts; columns after the first that hold figures are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = (column: number): boolean =>
    column > 0 &&
    rows.length > 0 &&
    rows.every((row) => /^[+-]?[\d.,]*( ?(%|ms|\/s|s))?$/.test(row[column] ?? ''));
  const cell = (tag: 'th' | 'td', text: string, column: number): string =>
    `<${tag}${isNumber(column) ? ' class="number"' : ''}>${escapeHtml(text)}</${tag}>`;
  const line = (tag: 'th' | 'td', row: readonly string[]): string =>
    `<tr>${row.map((text, column) => cell(tag, text, column)).join('')}</tr>`;
  const body = rows.map((row) => line('td', row)).join('\n');
  return `<div class="scroll"><table><thead>${line('th', head)}</thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A heading and what belongs to it; nothing when there is nothing. */
export function section(title: string, content: string): string {
  return content === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>\n${content}</section>`;
}
