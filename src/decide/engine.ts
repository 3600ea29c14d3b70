import { compareText, sortByText } from '../core/order.ts';
import { type Judgement, judgeProfile } from './constraints.ts';
import { criteriaFor, type SuccessCriteria } from './criteria.ts';
import { type Facts, isNamed, type PartialFacts } from './facts.ts';
import { type KillCriterion, trippedKills } from './kills.ts';
import { type Measure, measuresFor } from './measures.ts';
import { languagesOf, type Profile, type Stack } from './profile.ts';
import type { Language } from './vocabulary.ts';

/** A profile below this share of its own weights violates more than it meets, and does not fit. */
export const FIT_FLOOR = 0.5;
/** A second profile this close behind the first is worth reading about. */
export const RUNNER_UP_MARGIN = 0.15;

/** The stated rule for equal scores; each step is tried when the one before it leaves a tie. */
export const TIE_BREAK_RULE =
  'the stated language is the first language of the profile, then the greater weight met, then the name in alphabetical order';

/** How one profile compares with the facts. */
export interface Assessment {
  readonly profile: Profile;
  readonly judgements: readonly Judgement[];
  readonly weightMet: number;
  readonly weightStated: number;
  /** weightMet / weightStated, from 0 to 1. */
  readonly score: number;
  /** Speaks the stated language, or no language was stated. */
  readonly speaksLanguage: boolean;
  readonly fits: boolean;
}

export interface Recommendation {
  readonly best: Assessment;
  /** Profiles with the best one's score. */
  readonly tied: readonly Assessment[];
  /** The second, when it is within the margin. */
  readonly runnerUp: Assessment | undefined;
  readonly stacks: Readonly<Partial<Record<Language, Stack>>>;
  readonly measures: readonly Measure[];
  readonly criteria: SuccessCriteria;
  readonly approvers: Readonly<Record<string, readonly string[]>>;
}

/** Nothing is recommended, because a kill criterion is tripped; what is known may then be incomplete. */
interface Refusal {
  readonly status: 'refused';
  readonly facts: PartialFacts;
  readonly kills: readonly KillCriterion[];
}

interface Compared {
  readonly facts: Facts;
  /** Every profile, the best first. */
  readonly ranked: readonly Assessment[];
}

/** The answer. `no-fit`: no profile fits the facts and the language. */
export type Decision =
  | Refusal
  | (Compared & { readonly status: 'recommended'; readonly recommendation: Recommendation })
  | (Compared & { readonly status: 'no-fit'; readonly reason: string });

/**
 * Decides. The same facts and the same profiles, in whatever order, give the same answer; no kill
 * criterion can be tripped by a decision that recommends.
 */
export function decide(facts: Facts, profiles: readonly Profile[]): Decision {
  const kills = trippedKills(facts);
  if (kills.length > 0) return { status: 'refused', facts, kills };
  const ranked = profiles.map((profile) => assess(facts, profile)).sort(ranking(facts));
  const [best, ...others] = ranked.filter(({ fits }) => fits);
  if (best === undefined) return { status: 'no-fit', facts, ranked, reason: whyNoneFits(facts, ranked) };
  const [second] = others;
  const isClose = second !== undefined && best.score - second.score <= RUNNER_UP_MARGIN;
  const recommendation: Recommendation = {
    best,
    tied: others.filter(({ score }) => score === best.score),
    runnerUp: isClose ? second : undefined,
    stacks: stacksFor(facts, best.profile),
    measures: measuresFor(facts),
    criteria: criteriaFor(facts, best.profile),
    approvers: approversFor(facts, best.profile),
  };
  return { status: 'recommended', facts, ranked, recommendation };
}

/** Scores one profile: the weights it meets over the weights it and the facts both speak of. */
function assess(facts: Facts, profile: Profile): Assessment {
  const judgements = judgeProfile(facts, profile);
  let weightMet = 0;
  let weightStated = 0;
  for (const { met, weight } of judgements) {
    weightStated += weight;
    if (met) weightMet += weight;
  }
  const score = weightMet / weightStated;
  const language = facts.language_preference;
  const speaksLanguage = language === undefined || languagesOf(profile).includes(language);
  return {
    profile,
    judgements,
    weightMet,
    weightStated,
    score,
    speaksLanguage,
    fits: speaksLanguage && score >= FIT_FLOOR,
  };
}

/** Language first, then score, then the tie-break rule: a total order, since no two profiles share a name. */
function ranking(facts: Facts): (left: Assessment, right: Assessment) => number {
  const leads = ({ profile }: Assessment): number =>
    languagesOf(profile)[0] === facts.language_preference ? 1 : 0;
  return (left, right) =>
    Number(right.speaksLanguage) - Number(left.speaksLanguage) ||
    right.score - left.score ||
    leads(right) - leads(left) ||
    right.weightMet - left.weightMet ||
    compareText(left.profile.profile_name, right.profile.profile_name);
}

function whyNoneFits({ language_preference: language }: Facts, ranked: readonly Assessment[]): string {
  const [nearest] = ranked;
  if (nearest === undefined) return 'there are no profiles';
  if (!nearest.speaksLanguage) {
    const spoken = new Set(ranked.flatMap(({ profile }) => languagesOf(profile)));
    return `no profile is written for ${language}; there are profiles for ${sortByText(spoken, (name) => name).join(', ')}`;
  }
  const { profile, weightMet, weightStated } = nearest;
  const speaking = language === undefined ? '' : ` for ${language}`;
  return `the nearest profile${speaking}, ${profile.profile_name}, meets ${weightMet} of ${weightStated} points and violates more than it meets`;
}

function stacksFor({ language_preference: language }: Facts, { stacks }: Profile): Recommendation['stacks'] {
  const chosen = language === undefined ? undefined : stacks[language];
  return language === undefined || chosen === undefined ? stacks : { [language]: chosen };
}

/** The profile's gates, and the people the facts name. */
function approversFor(facts: Facts, { named_approver_chain }: Profile): Recommendation['approvers'] {
  const { compliance_owner, error_budget_owner } = facts;
  return {
    ...named_approver_chain,
    ...(isNamed(compliance_owner) ? { data_handling: [compliance_owner] } : {}),
    ...(isNamed(error_budget_owner) ? { service_level_change: [error_budget_owner] } : {}),
  };
}
