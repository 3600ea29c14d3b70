import type { Assessment, Decision } from './engine.ts';
import { FIT_FLOOR, RUNNER_UP_MARGIN, TIE_BREAK_RULE } from './engine.ts';
import type { Facts } from './facts.ts';
import { KILL_RULES, trippedKills } from './kills.ts';
import { measuresFor, writesPerSecond } from './measures.ts';

/** One table of the arithmetic: a title, rows of cells, and the line that sums them up. */
export interface ExplainedPart {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
  readonly sum: string;
}

/** The whole arithmetic behind a decision, in the order in which it was done. */
export function explainDecision(decision: Decision): ExplainedPart[] {
  return [
    explainKills(decision),
    ...(decision.status === 'refused'
      ? []
      : [explainLoad(decision.facts), ...decision.ranked.map((assessment) => explainAssessment(assessment))]),
    ...(decision.status === 'recommended' ? [explainRanking(decision)] : []),
  ];
}

function explainKills({ facts }: Decision): ExplainedPart {
  const tripped = new Set(trippedKills(facts).map(({ id }) => id));
  return {
    title: 'Kill criteria',
    rows: KILL_RULES.map(({ id, criterion, source }) => [
      tripped.has(id) ? 'tripped' : 'clear',
      criterion,
      source,
    ]),
    sum: `${tripped.size} of ${KILL_RULES.length} tripped`,
  };
}

function explainLoad(facts: Facts): ExplainedPart {
  const { qps_p99, read_write_ratio } = facts;
  return {
    title: 'Load and targets',
    rows: measuresFor(facts).map(({ id, because, source }) => [id, because, source]),
    sum: `${qps_p99} QPS / (${read_write_ratio} + 1) = ${figure(writesPerSecond(facts))} writes a second`,
  };
}

function explainAssessment(assessment: Assessment): ExplainedPart {
  const { profile, judgements, weightMet, weightStated, score, speaksLanguage, fits } = assessment;
  const fit = fits ? 'fits' : 'does not fit';
  const language = speaksLanguage ? '' : ', written for another language than the one stated';
  return {
    title: profile.profile_name,
    rows: judgements.map(({ constraint, met, weight, asked, offers, source }) => [
      met ? `+${weight}` : ` 0 of ${weight}`,
      constraint,
      `asked ${asked}`,
      `offers ${offers}`,
      source,
    ]),
    sum: `${weightMet} / ${weightStated} = ${figure(score)}, floor ${FIT_FLOOR}: ${fit}${language}`,
  };
}

function explainRanking(decision: Extract<Decision, { status: 'recommended' }>): ExplainedPart {
  const { best, tied, runnerUp } = decision.recommendation;
  const ties =
    tied.length === 0
      ? 'no tie at the top'
      : `a tie with ${tied.map(({ profile }) => profile.profile_name).join(', ')}, broken by the rule: ${TIE_BREAK_RULE}`;
  return {
    title: 'Ranking',
    rows: decision.ranked.map(({ profile, score, fits }) => [
      profile.profile_name,
      figure(score),
      fits ? 'fits' : 'out',
    ]),
    sum:
      runnerUp === undefined
        ? `${ties}; no other fitting profile within ${RUNNER_UP_MARGIN}`
        : `${ties}; ${runnerUp.profile.profile_name} is ${figure(best.score - runnerUp.score)} behind, within ${RUNNER_UP_MARGIN}`,
  };
}

const figure = (value: number): string => `${Number(value.toFixed(4))}`;
