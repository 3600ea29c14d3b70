import type { PartialFacts, QuestionNumber } from '../facts.ts';
import { type KillCriterion, trippedKills } from '../kills.ts';
import { hearAnswer } from './answer.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** One answer as it stands in the file. */
export interface GivenAnswer {
  readonly question: QuestionNumber;
  readonly said: string;
  /** What was understood; empty when there was no figure in it. */
  readonly facts: PartialFacts;
  /** ISO 8601, UTC. */
  readonly answered: string;
}

/** All that is kept of a session, in schemas/answers.schema.json: answers are added, never removed. */
export interface Session {
  readonly version: 1;
  readonly kind: 'backend-grill';
  readonly started: string;
  readonly answers: readonly GivenAnswer[];
}

/** Where a session stands. It is computed from the answers, never stored. */
export type Standing =
  | { readonly status: 'asking'; readonly next: Question }
  /** A kill criterion is tripped; `next` is the question whose answer has to change. */
  | { readonly status: 'stopped'; readonly next: Question; readonly kills: readonly KillCriterion[] }
  | { readonly status: 'complete' };

export function newSession(started: string): Session {
  return { version: 1, kind: 'backend-grill', started, answers: [] };
}

/** The answer that counts for each question: the last one. */
export function currentAnswers({ answers }: Session): ReadonlyMap<QuestionNumber, GivenAnswer> {
  return new Map(answers.map((answer) => [answer.question, answer]));
}

/** Everything the current answers say. */
export function sessionFacts(session: Session): PartialFacts {
  return Object.assign({}, ...[...currentAnswers(session).values()].map(({ facts }) => facts));
}

/** What stops the session: answers without a figure, then the kill criteria that the facts trip. */
function sessionKills(session: Session): KillCriterion[] {
  const answers = currentAnswers(session);
  const vague = QUESTIONS.flatMap(({ number, vague: kill }) => {
    const answer = answers.get(number);
    const saysNothing = answer !== undefined && Object.keys(answer.facts).length === 0;
    return saysNothing && kill !== undefined ? [kill] : [];
  });
  return [...vague, ...trippedKills(sessionFacts(session))];
}

/** Where the session stands. */
export function standingOf(session: Session): Standing {
  const kills = sessionKills(session);
  const [first] = kills;
  if (first !== undefined) return { status: 'stopped', next: questionNumber(first.question), kills };
  const answers = currentAnswers(session);
  const next = QUESTIONS.find(({ number }) => !answers.has(number));
  return next === undefined ? { status: 'complete' } : { status: 'asking', next };
}

/** The session with one more answer. Error GRL001 when it does not say what the question needs. */
export function withAnswer(session: Session, question: Question, said: string, answered: string): Session {
  const { facts } = hearAnswer(question, said, sessionFacts(session));
  const answer: GivenAnswer = { question: question.number, said, facts, answered };
  return { ...session, answers: [...session.answers, answer] };
}

/** A question by its number, which is its place. */
function questionNumber(number: QuestionNumber): Question {
  return QUESTIONS[number - 1] as Question;
}

/** The questions that an unanswered fact belongs to are still open. */
export function openQuestions(session: Session): Question[] {
  const answers = currentAnswers(session);
  return QUESTIONS.filter(({ number }) => !answers.has(number));
}
