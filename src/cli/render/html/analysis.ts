import type { Severity } from '../../../core/diagnostic.ts';
import { type Analysis, FINDINGS, type Finding } from '../../../database/index.ts';
import { SEVERITIES } from '../analysis.ts';
import { neutral, neutralLine } from '../neutral.ts';
import { entityDiagram } from './entity-diagram.ts';
import { card, escapeHtml, htmlPage, section, table } from './page.ts';

const TITLES: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Hints' };
const CLASSES: Readonly<Record<Severity, string>> = { error: 'bad', warning: 'warning', info: '' };

const text = (value: string): string => escapeHtml(neutralLine(value));

const STYLE = `<style>
details { border-bottom: 1px solid var(--line); padding: .4rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; border-left: 3px solid var(--line); padding-left: .6rem; margin: .4rem 0; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; } .entities text { font-size: 11px; }
@media print { details > *, details::details-content { display: block; content-visibility: visible; } .scroll { overflow: visible; } .entities { max-width: 100% !important; height: auto !important; } }
</style>`;

/** The analysis as one page that needs nothing else: no script, no network. */
export function analysisPage(analysis: Analysis): string {
  const { source, engine, findings, isLive } = analysis;
  const count = (severity: Severity): string =>
    String(findings.filter((finding) => finding.severity === severity).length);
  const tables = analysis.catalog.facts.tables.filter(
    ({ kind, isPartition }) => ['r', 'p'].includes(kind) && !isPartition,
  );
  const cards = [
    card(count('error'), 'errors'),
    card(count('warning'), 'warnings'),
    card(count('info'), 'hints'),
    card(String(tables.length), 'tables'),
    card(String(analysis.catalog.facts.indexes.length), 'indexes'),
  ];
  const { svg, leftOut } = entityDiagram(analysis.catalog);
  const note = leftOut > 0 ? `<p class="note">${leftOut} less connected tables are left out.</p>` : '';
  return htmlPage(
    `Database analysis: ${neutralLine(source)}`,
    [
      STYLE,
      `<h1>${text(source)}</h1><p class="note">${escapeHtml(engine)}${isLive ? '' : ', from its schema alone'}</p>`,
      `<div class="cards">${cards.join('')}</div>`,
      ...SEVERITIES.map((severity) => section(TITLES[severity], severityBlocks(findings, severity))),
      section('Tables', tableOfTables(analysis, isLive)),
      section('Entities', svg === '' ? '' : svg + note),
    ].join('\n'),
  );
}

function severityBlocks(findings: readonly Finding[], severity: Severity): string {
  return FINDINGS.map(({ code, title, why }) => {
    const own = findings.filter((finding) => finding.code === code && finding.severity === severity);
    if (own.length === 0) return '';
    const head = `<h3><span class="${CLASSES[severity]}">${escapeHtml(code)}</span> ${escapeHtml(title)}: ${own.length}</h3>`;
    return `${head}<p class="note">${escapeHtml(why)}</p>${own.map(findingBlock).join('\n')}`;
  }).join('\n');
}

function findingBlock({ message, evidence, fix }: Finding): string {
  const figures = Object.entries(evidence).map(([name, value]) => `${text(name)}: ${text(String(value))}`);
  const steps = fix.steps.map(({ sql, locks }) => {
    const lock = locks === undefined ? '' : `\n-- locks ${neutralLine(locks)}`;
    return `<pre>${escapeHtml(`${neutral(sql)};${lock}`)}</pre>`;
  });
  const caution = fix.caution === undefined ? '' : `<p class="note">${text(fix.caution)}</p>`;
  const body = [
    figures.length === 0 ? '' : `<p class="note">${figures.join('; ')}</p>`,
    ...steps,
    caution,
  ].join('');
  return `<details><summary>${text(message)}</summary>${body}</details>`;
}

function tableOfTables({ catalog }: Analysis, isLive: boolean): string {
  const tables = catalog.facts.tables.filter(
    ({ kind, isPartition }) => ['r', 'p'].includes(kind) && !isPartition,
  );
  if (tables.length === 0) return '';
  const rows = [...tables]
    .sort((left, right) => right.pages - left.pages)
    .map(({ oid, sql, rows: count, pages }) => [
      neutralLine(sql),
      String(catalog.columnsOf(oid).length),
      String(catalog.indexesOf(oid).length),
      ...(isLive ? [count < 0 ? '' : String(Math.round(count)), (pages / 128).toFixed(1)] : []),
    ]);
  return table(['table', 'columns', 'indexes', ...(isLive ? ['rows', 'MB'] : [])], rows);
}
