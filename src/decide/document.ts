import type { Diagnostic } from '../core/diagnostic.ts';
import { digestOf } from './digest.ts';
import { type Assessment, type Decision, type Recommendation, TIE_BREAK_RULE } from './engine.ts';

/** What every decision says of itself. */
export const NEVER_APPROVES =
  'This approves nothing: it compares stated facts with profiles, and the named approvers decide.';

/** The decision as the document that schemas/decide.schema.json describes. */
export function decisionDocument(decision: Decision, diagnostics: readonly Diagnostic[]): object {
  return {
    version: 1,
    status: decision.status,
    inputs: decision.facts,
    kill_criteria_tripped: decision.status === 'refused' ? decision.kills : [],
    reason: decision.status === 'no-fit' ? decision.reason : null,
    recommendation:
      decision.status === 'recommended' ? recommendationDocument(decision.recommendation) : null,
    ranked_matches: decision.status === 'refused' ? [] : decision.ranked.map(matchDocument),
    tie_break_rule: TIE_BREAK_RULE,
    notice: NEVER_APPROVES,
    digest: digestOf(decision),
    diagnostics,
  };
}

function recommendationDocument(recommendation: Recommendation): object {
  const { best, tied, runnerUp, stacks, measures, criteria, approvers } = recommendation;
  const { profile } = best;
  return {
    profile_name: profile.profile_name,
    description: profile.description,
    score: rounded(best.score),
    tied_with: tied.map((other) => other.profile.profile_name),
    runner_up:
      runnerUp === undefined
        ? null
        : { profile_name: runnerUp.profile.profile_name, score: rounded(runnerUp.score) },
    stacks,
    measures,
    anti_recommendations: profile.anti_recommendations,
    success_criteria: criteria,
    named_approver_chain: approvers,
    canon_references: profile.canon_references,
  };
}

function matchDocument({ profile, judgements, weightMet, weightStated, score, ...rest }: Assessment): object {
  return {
    profile_name: profile.profile_name,
    score: rounded(score),
    weight_met: weightMet,
    weight_stated: weightStated,
    speaks_language: rest.speaksLanguage,
    fits: rest.fits,
    matched_constraints: judgements.filter(({ met }) => met),
    violated_constraints: judgements.filter(({ met }) => !met),
  };
}

const rounded = (score: number): number => Math.round(score * 10_000) / 10_000;
