import type { Diagnostic } from '../../core/diagnostic.ts';
import { digestOf, refusalDigest } from '../digest.ts';
import { decisionDocument } from '../document.ts';
import type { Decision } from '../engine.ts';
import type { PartialFacts } from '../facts.ts';
import { QUESTIONS, type Question, recommendedAnswer } from './questions.ts';
import { currentAnswers, type Session, type Standing, sessionFacts } from './session.ts';

/** A question as an agent or a person reads it: with a recommended answer, a source and what would stop. */
export interface PosedQuestion {
  readonly number: number;
  readonly of: number;
  readonly asks: string;
  readonly why: string;
  readonly recommended_answer: string;
  readonly because: string;
  readonly killed_by: string;
  readonly source: string;
}

/** The question with the answer that is recommended for what is known so far. */
export function poseQuestion(question: Question, facts: PartialFacts): PosedQuestion {
  const { answer, because } = recommendedAnswer(question, facts);
  const { number, asks, why, killed_by, source } = question;
  return {
    number,
    of: QUESTIONS.length,
    asks,
    why,
    recommended_answer: answer,
    because,
    killed_by,
    source,
  };
}

/** The session as the document that schemas/grill.schema.json describes. */
export function grillDocument(
  file: string,
  session: Session,
  standing: Standing,
  decision: Decision | undefined,
  diagnostics: readonly Diagnostic[],
): object {
  const facts = sessionFacts(session);
  return {
    version: 1,
    status: standing.status,
    file,
    answered: [...currentAnswers(session).keys()].sort((left, right) => left - right),
    facts,
    question: standing.status === 'complete' ? null : poseQuestion(standing.next, facts),
    kill_criteria_tripped: standing.status === 'stopped' ? standing.kills : [],
    decision: decision === undefined ? null : decisionDocument(decision, diagnostics),
    digest: digestOfStanding(standing, decision),
  };
}

function digestOfStanding(standing: Standing, decision: Decision | undefined): string | null {
  if (standing.status === 'stopped') return refusalDigest(standing.kills);
  return decision === undefined ? null : digestOf(decision);
}
