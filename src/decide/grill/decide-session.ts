import { type Decision, decide } from '../engine.ts';
import type { FactName } from '../facts.ts';
import type { KillCriterion } from '../kills.ts';
import type { Profile } from '../profile.ts';
import { type RawFacts, readFacts, readGivenFacts } from '../read-facts.ts';
import { QUESTIONS } from './questions.ts';
import { currentAnswers, type Session, sessionFacts } from './session.ts';

/**
 * Decides on what a session says, with `overrides` on top. An answer without a figure refuses, unless
 * the overrides supply the figures. Errors: those of `readFacts`.
 */
export function decideSession(session: Session, overrides: RawFacts, profiles: readonly Profile[]): Decision {
  const raw: RawFacts = { ...sessionFacts(session), ...overrides };
  const kills = unansweredKills(session, raw);
  if (kills.length > 0) return { status: 'refused', facts: readGivenFacts(raw).facts, kills };
  return decide(readFacts(raw), profiles);
}

function unansweredKills(session: Session, raw: RawFacts): KillCriterion[] {
  const answers = currentAnswers(session);
  const isKnown = (fact: FactName): boolean => raw[fact] !== undefined;
  return QUESTIONS.flatMap(({ number, needs, vague }) => {
    const answered = answers.has(number) && !needs.every(isKnown);
    return answered && vague !== undefined ? [vague] : [];
  });
}
