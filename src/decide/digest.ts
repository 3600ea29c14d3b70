import type { Target } from './criteria.ts';
import type { Decision, Recommendation } from './engine.ts';
import type { KillCriterion } from './kills.ts';

/**
 * A digest is read by somebody who reads nothing else; more than this and it is not.
 * @public the grid is held to it.
 */
export const DIGEST_WORDS = 200;

/**
 * The most words each part may have. Their sum is below the limit, so that no name, however long, and
 * no profile, however wordy, can break it.
 */
const BUDGET = {
  verdict: 30,
  violated: 24,
  runnerUp: 12,
  targets: 30,
  stack: 16,
  measures: 30,
  approvers: 34,
  next: 20,
} as const;

type Part = keyof typeof BUDGET;

const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/**
 * Words of a text, counted as anybody would: what blanks separate.
 * @public
 */
export const countWords = (text: string): number => wordsIn(text).length;

function clip(part: Part, text: string): string {
  const words = wordsIn(text);
  return words.length <= BUDGET[part] ? words.join(' ') : `${words.slice(0, BUDGET[part] - 1).join(' ')} ...`;
}

function lines(parts: readonly (readonly [Part, string])[]): string {
  return parts
    .filter(([, text]) => text !== '')
    .map(([part, text]) => clip(part, text))
    .join('\n');
}

/** The decision in at most 200 words, one line a point. */
export function digestOf(decision: Decision): string {
  if (decision.status === 'refused') return refusalDigest(decision.kills);
  if (decision.status === 'no-fit') {
    return lines([
      ['verdict', `No profile fits: ${decision.reason}.`],
      ['next', 'Next: change the fact that is most expensive to meet, or add a profile to ./profiles.'],
    ]);
  }
  return recommendationDigest(decision.recommendation);
}

/** Why nothing is recommended, and the next investigation. */
export function refusalDigest(kills: readonly KillCriterion[]): string {
  const [first] = kills;
  return lines([
    ['verdict', `Nothing is recommended: ${kills.map(({ criterion }) => criterion).join('; ')}.`],
    ['targets', first === undefined ? '' : `Lifted by ${first.lifted_by}.`],
    ['next', first === undefined ? '' : `Next: ${first.next_investigation}`],
  ]);
}

function recommendationDigest(recommendation: Recommendation): string {
  const { best, tied, runnerUp, measures, approvers } = recommendation;
  const others = tied.map(({ profile }) => profile.profile_name).join(', ');
  const violated = best.judgements.filter(({ met }) => !met);
  return lines([
    [
      'verdict',
      `${best.profile.profile_name} meets ${best.weightMet} of ${best.weightStated} points${others === '' ? '' : `, as do ${others}`}.`,
    ],
    [
      'violated',
      violated.length === 0
        ? ''
        : `Violated: ${violated.map(({ constraint, asked, offers }) => `${constraint} (${asked}; ${offers})`).join(', ')}.`,
    ],
    ['runnerUp', runnerUp === undefined ? '' : `Runner-up: ${runnerUp.profile.profile_name}.`],
    ['targets', targetLine(recommendation)],
    ['stack', `Stack: ${stackLine(recommendation)}.`],
    ['measures', measures.length === 0 ? '' : `Build in: ${measures.map(({ id }) => id).join(', ')}.`],
    [
      'approvers',
      `Approvers: ${Object.entries(approvers)
        .map(([gate, roles]) => `${gate}: ${roles.join('+')}`)
        .join('; ')}.`,
    ],
    ['next', 'This approves nothing. Next: agree the targets, then review the API contract.'],
  ]);
}

function targetLine({ criteria }: Recommendation): string {
  const { p50_ms, p95_ms, p99_ms, uptime, rpo_minutes, rto_minutes, error_budget_owner } = criteria;
  const percent = Number((uptime.value * 100).toFixed(4));
  const owner = error_budget_owner === null ? 'nobody yet' : error_budget_owner;
  return `Targets: p50/p95/p99 ${[p50_ms, p95_ms, p99_ms].map(figureOf).join('/')} ms, uptime ${percent} %, RPO ${rpo_minutes.value} min, RTO ${rto_minutes.value} min; error budget: ${owner}.`;
}

const figureOf = ({ value }: Target): number => value;

/** The first choice of the three parts that decide most. */
function stackLine({ stacks }: Recommendation): string {
  return Object.entries(stacks)
    .map(([language, stack]) => [language, stack?.['framework']?.[0], stack?.['data_access']?.[0]])
    .map((picks) => picks.filter((pick) => pick !== undefined).join(', '))
    .join('; or ');
}
