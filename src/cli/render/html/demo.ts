import type { Comparison, LoadResult } from '../../../load/index.ts';
import { isSetting } from '../../commands/demo/database-steps.ts';
import type { DemoState } from '../../commands/demo/state.ts';
import { differenceChart, figureTable } from './compare.ts';
import { explanationSections } from './load-explanation.ts';
import { card, escapeHtml, htmlPage, section, table } from './page.ts';

/** What is told of the demo's steps. */
interface TimedStep {
  readonly title: string;
  readonly seconds: number;
}

/** The whole demo as one HTML file. */
export function demoPage(state: DemoState, steps: readonly TimedStep[]): string {
  const { comparison, first, second, advice, statements = [], rehearsal, wayBack } = state;
  const both = [first?.result, second?.result].filter((result) => result !== undefined);
  return htmlPage(
    'From a contract to a service that is shown to be better',
    [
      '<h1>From a contract to a service that is shown to be better</h1>',
      `<p class="note">${escapeHtml(databaseName(state))}</p>`,
      `<div class="cards">${cards(comparison, both).join('')}</div>`,
      section('Difference of the second measurement, with its interval', comparisonPart(comparison)),
      section('By operation', operationTable(both)),
      ...(first?.explanation === undefined ? [] : explanationSections(first.explanation)),
      section('Which statements took the time, at first', statementTable(statements)),
      section('The indexes that were missing', codeList(advice?.suggestions.map(({ sql }) => sql))),
      section('What the planner expected of them', costTable(state)),
      section('The migration, rehearsed', rehearsalTable(rehearsal)),
      section('The way back, rehearsed', rehearsalTable(wayBack)),
      section('The contract', contractPart(state)),
      section(
        'The steps',
        table(
          ['step', 'took'],
          steps.map(({ title, seconds }) => [title, `${seconds.toFixed(1)} s`]),
        ),
      ),
    ].join('\n'),
  );
}

/** Where the folder is on somebody's machine is not the report's business. */
const databaseName = ({ databaseUrl, shownFolder, advice }: DemoState): string =>
  databaseUrl === undefined
    ? `An embedded PostgreSQL in ${shownFolder}/data`
    : `A database of its own on ${advice?.source ?? 'a server'}`;

const ms = (value: number | undefined): string =>
  value === undefined ? '' : `${value.toFixed(value < 10 ? 2 : 1)} ms`;

function cards(comparison: Comparison | undefined, [first, second]: readonly LoadResult[]): string[] {
  if (first === undefined || second === undefined) return [];
  return [
    card(comparison?.verdict ?? '', 'the second measurement'),
    card(first.requests.perSecond.toFixed(0), 'requests/s before'),
    card(second.requests.perSecond.toFixed(0), 'requests/s after'),
    card(ms(first.latency?.p50), 'P50 before'),
    card(ms(second.latency?.p50), 'P50 after'),
    card(String(second.requests.failed), 'failed after'),
  ];
}

const comparisonPart = (comparison: Comparison | undefined): string =>
  comparison === undefined || comparison.metrics.length === 0
    ? ''
    : `<p>${escapeHtml(comparison.reason)}</p>${differenceChart(comparison)}${figureTable(comparison)}`;

function operationTable([first, second]: readonly LoadResult[]): string {
  const rows = (first?.operations ?? []).map(({ name, latency }) => {
    const after = second?.operations.find((other) => other.name === name)?.latency;
    return [name, ms(latency?.p50), ms(after?.p50), ms(latency?.p99), ms(after?.p99)];
  });
  return rows.length === 0
    ? ''
    : table(['operation', 'P50 before', 'P50 after', 'P99 before', 'P99 after'], rows);
}

function statementTable(statements: NonNullable<DemoState['statements']>): string {
  const all = statements.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = statements.map(({ sql, calls, milliseconds }) => [
    sql,
    `${((100 * milliseconds) / Math.max(all, 1e-9)).toFixed(1)} %`,
    String(calls),
    ms(milliseconds / calls),
  ]);
  return rows.length === 0 ? '' : table(['statement', 'of the time', 'calls', 'each'], rows);
}

const codeList = (texts: readonly string[] = []): string =>
  texts.length === 0
    ? ''
    : `<ul>${texts.map((text) => `<li><code>${escapeHtml(text)}</code></li>`).join('')}</ul>`;

function costTable({ advice }: DemoState): string {
  const rows = (advice?.advice.statements ?? []).map(({ sql, before, after }) => [
    sql,
    before.toFixed(0),
    after.toFixed(0),
  ]);
  return rows.length === 0 ? '' : table(['statement', 'cost before', 'cost after'], rows);
}

function rehearsalTable(report: DemoState['rehearsal']): string {
  const rows = (report?.files ?? []).flatMap(({ statements }) =>
    statements
      .filter(({ sql }) => !isSetting(sql))
      .map(({ sql, effects, fails }) => [
        sql,
        (effects?.locks ?? []).map(({ table: name, lock }) => `${lock} on ${name}`).join(', '),
        fails ? 'fails' : 'works',
      ]),
  );
  return rows.length === 0 ? '' : table(['statement', 'locks', ''], rows);
}

function contractPart({ first, second }: DemoState): string {
  const rows = [first, second].flatMap((measured, at) =>
    measured === undefined
      ? []
      : [
          [
            at === 0 ? 'before' : 'after',
            String(measured.contract.checked),
            String(measured.contract.breaches.length),
          ],
        ],
  );
  return rows.length === 0 ? '' : table(['measurement', 'answers read', 'breaches'], rows);
}
