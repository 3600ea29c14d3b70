/** The forcing questions: what `loadGrill` of the capability's index hands out. */
export { decideSession } from './decide-session.ts';
export { grillDocument, poseQuestion } from './document.ts';
export { QUESTIONS, type Question } from './questions.ts';
export {
  newSession,
  openQuestions,
  type Session,
  type Standing,
  sessionFacts,
  standingOf,
  withAnswer,
} from './session.ts';
export {
  defaultSessionFile,
  freeSessionFile,
  type OpenSession,
  readSession,
  saveSession,
} from './session-file.ts';
