import type { Explanation, Reason } from '../../../load/index.ts';
import { NO_REASON, partRows } from '../load-explanation.ts';
import { escapeHtml, section, table } from './page.ts';

/** Reasons, and where the time of a request goes, as sections of a page. */
export function explanationSections(explanation: Explanation): string[] {
  const { reasons, notes } = explanation;
  const said =
    reasons.length === 0 ? `<p>${NO_REASON}.</p>` : `<ol>${reasons.map(reasonItem).join('\n')}</ol>`;
  const unseen = notes.map((note) => `<p class="note">Not seen: ${escapeHtml(note)}</p>`).join('\n');
  return [
    section('Reasons', `${said}\n${unseen}`),
    section('Where the time of a request goes', partTables(explanation)),
    section('Statements', statementTable(explanation)),
  ];
}

function reasonItem({ share, message, evidence, mend, code }: Reason): string {
  const percent = `<span class="warning">${Math.round(share * 100)} %</span>`;
  const figures = table(
    [code, 'seen'],
    Object.entries(evidence).map(([name, value]) => [name, String(value)]),
  );
  const commands = [
    ...(mend.sql ?? []).map((sql) => `${sql};`),
    ...(mend.command === undefined ? [] : [mend.command]),
  ];
  const shown = commands.map((line) => `<pre class="command">${escapeHtml(line)}</pre>`).join('\n');
  return `<li><p>${percent} ${escapeHtml(message)}</p>\n${figures}\n<p>${escapeHtml(mend.text)}</p>\n${shown}</li>`;
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

function partTables({ decomposition, evidence }: Explanation): string {
  return decomposition.parts
    .map((parts, at) => {
      const alone = evidence.operations[at]?.quietMs ?? 0;
      const rows = partRows(parts, decomposition.queue).map(([words, value]) => [
        words,
        ms(value),
        `${Math.round((100 * value) / Math.max(parts.loadMs, 1e-9))} %`,
      ]);
      const head = `${parts.operation}: ${ms(parts.loadMs)} on average, ${ms(alone)} when alone`;
      return `<p>${escapeHtml(head)}</p>\n${table(['part', 'a request', 'share'], rows)}`;
    })
    .join('\n');
}

/** Each operation's statements, the longest first. */
function statementTable({ evidence }: Explanation): string {
  const texts = new Map(evidence.statements.map(({ id, sql }) => [id, sql]));
  const rows = evidence.operations.flatMap(({ name, statements }) =>
    [...statements]
      .sort((one, other) => other.ms - one.ms)
      .slice(0, MOST_SHOWN)
      .map(({ id, calls, ms: spent }) => [
        name,
        String(Number(calls.toPrecision(3))),
        ms(spent),
        texts.get(id) ?? id,
      ]),
  );
  return rows.length === 0
    ? ''
    : table(['operation', 'calls a request', 'time a request', 'statement'], rows);
}

const MOST_SHOWN = 10;
