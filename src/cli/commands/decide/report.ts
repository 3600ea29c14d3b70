import {
  type Assessment,
  type Decision,
  type ExplainedPart,
  NEVER_APPROVES,
  type Recommendation,
  TIE_BREAK_RULE,
} from '../../../decide/index.ts';
import { columns } from '../../render/columns.ts';

/** A report before it is text or Markdown: the same headings, rows and sentences make both. */
interface Section {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
  readonly sentences?: readonly string[];
}

/** The decision for people, as text or as Markdown, with the arithmetic behind it when there is any. */
export function renderDecision(
  decision: Decision,
  arithmetic: readonly ExplainedPart[],
  markdown: boolean,
): string {
  const sections = [
    factSection(decision),
    ...sectionsOf(decision),
    ...arithmetic.map(arithmeticSection),
    { heading: 'Note', rows: [], sentences: [NEVER_APPROVES] },
  ];
  return sections.map(markdown ? markdownSection : textSection).join('\n\n');
}

function sectionsOf(decision: Decision): readonly Section[] {
  if (decision.status === 'recommended') return recommendationSections(decision.recommendation);
  if (decision.status === 'no-fit') {
    const sentences = [`No profile fits: ${decision.reason}.`];
    return [{ heading: 'No recommendation', rows: decision.ranked.map(rankRow), sentences }];
  }
  return decision.kills.map((kill) => ({
    heading: `Refused: ${kill.criterion}`,
    rows: [
      ['why', kill.why],
      ['lifted by', kill.lifted_by],
      ['next', kill.next_investigation],
      ['question', `${kill.question}`],
      ['source', kill.source],
    ],
  }));
}

function factSection({ facts }: Decision): Section {
  return { heading: 'Facts', rows: Object.entries(facts).map(([fact, value]) => [fact, `${value}`]) };
}

function recommendationSections(recommendation: Recommendation): readonly Section[] {
  const { best, runnerUp, tied, stacks, measures, approvers } = recommendation;
  const { profile } = best;
  return [
    {
      heading: `Best fit: ${profile.profile_name} (${percentOf(best)})`,
      rows: best.judgements.map(({ met, constraint, weight, asked, offers }) => [
        met ? 'met' : 'violated',
        constraint,
        `weight ${weight}`,
        `asked ${asked}`,
        `offers ${offers}`,
      ]),
      sentences: [profile.description, ...standing(tied, runnerUp)],
    },
    ...Object.entries(stacks).map(([language, stack]) => ({
      heading: `Stack, ${language} (the first choice first)`,
      rows: Object.entries(stack ?? {}).map(([part, options]) => [part, options.join(', ')]),
    })),
    {
      heading: 'Build in',
      rows: measures.map((measure) => [measure.id, `${measure.do}: ${measure.because}`]),
    },
    {
      heading: 'Do not',
      rows: profile.anti_recommendations.map(({ severity, avoid, because }) => [
        severity,
        `${avoid}: ${because}`,
      ]),
    },
    { heading: 'Success criteria', rows: criteriaRows(recommendation) },
    {
      heading: 'Approvers',
      rows: Object.entries(approvers).map(([gate, roles]) => [gate, roles.join(' + ')]),
    },
    { heading: 'Read', rows: profile.canon_references.map((reference) => [reference]) },
  ];
}

function standing(tied: readonly Assessment[], runnerUp: Assessment | undefined): string[] {
  if (tied.length > 0) {
    const names = tied.map(({ profile }) => profile.profile_name).join(', ');
    return [`A tie with ${names}; broken by the rule: ${TIE_BREAK_RULE}.`];
  }
  if (runnerUp === undefined) return ['Alone at the top: no other fitting profile is within 15 %.'];
  return [`Runner-up: ${runnerUp.profile.profile_name} (${percentOf(runnerUp)}).`];
}

function criteriaRows({ criteria }: Recommendation): string[][] {
  const { p50_ms, p95_ms, p99_ms, uptime, rpo_minutes, rto_minutes } = criteria;
  const stated = ({ from }: { readonly from: string }): string =>
    from === 'stated' ? 'stated' : "the profile's";
  return [
    ['p50', `at most ${p50_ms.value} ms`, stated(p50_ms)],
    ['p95', `at most ${p95_ms.value} ms`, stated(p95_ms)],
    ['p99', `at most ${p99_ms.value} ms`, stated(p99_ms)],
    ['uptime', `at least ${Number((uptime.value * 100).toFixed(4))} %`, stated(uptime)],
    ['RPO', `at most ${rpo_minutes.value} min`, stated(rpo_minutes)],
    ['RTO', `at most ${rto_minutes.value} min`, stated(rto_minutes)],
    ['test coverage', `at least ${criteria.test_coverage_min * 100} %`, "the profile's"],
    ['scan findings', `at most ${criteria.scan_severity_max}`, "the profile's"],
    ...(criteria.throughput_rps_min === null
      ? []
      : [['throughput', `at least ${criteria.throughput_rps_min} requests/s`, "the profile's"]]),
    ['error budget', criteria.error_budget_owner ?? 'nobody named yet: question 7'],
  ];
}

const percentOf = ({ score, weightMet, weightStated }: Assessment): string =>
  `${Math.round(score * 1000) / 10} %, ${weightMet} of ${weightStated} points`;

function rankRow(assessment: Assessment): string[] {
  const { profile, judgements, speaksLanguage } = assessment;
  const violated = judgements.filter(({ met }) => !met).map(({ constraint }) => constraint);
  const language = speaksLanguage ? [] : ['language'];
  return [
    profile.profile_name,
    percentOf(assessment),
    `violates ${[...language, ...violated].join(', ') || 'nothing'}`,
  ];
}

function arithmeticSection({ title, rows, sum }: ExplainedPart): Section {
  return { heading: `Arithmetic: ${title}`, rows, sentences: [sum] };
}

function textSection({ heading, rows, sentences = [] }: Section): string {
  const body = [...columns(rows), ...sentences];
  return [heading, ...body.map((line) => `  ${line}`)].join('\n');
}

function markdownSection({ heading, rows, sentences = [] }: Section): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const width = Math.max(0, ...rows.map((row) => row.length));
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, at) => cell(cells[at] ?? '')).join(' | ')} |`;
  const table = rows.length === 0 ? [] : [line([]), line(Array(width).fill('---')), ...rows.map(line), ''];
  return [`## ${heading}`, '', ...table, ...sentences].join('\n').trimEnd();
}
