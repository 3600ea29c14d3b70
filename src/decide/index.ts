/** What the command line may use of the decision engine and the forcing questions. */

export { digestOf, refusalDigest } from './digest.ts';
export { decisionDocument, NEVER_APPROVES } from './document.ts';
export { type Assessment, type Decision, decide, type Recommendation, TIE_BREAK_RULE } from './engine.ts';
export type { ExplainedPart } from './explain.ts';
export { FACT_NAMES, flagOf } from './facts.ts';
export type { OpenSession, Question, Session, Standing } from './grill/index.ts';
export { type LoadedProfile, type LoadedProfiles, loadProfiles } from './load-profiles.ts';
export { languagesOf, type Profile } from './profile.ts';
export { type RawFacts, readFacts } from './read-facts.ts';

/** The forcing questions, loaded only when they are asked: one decision has to start quickly. */
export const loadGrill = (): Promise<typeof import('./grill/index.ts')> => import('./grill/index.ts');

/** The arithmetic, loaded only for --explain. */
export const loadExplain = (): Promise<typeof import('./explain.ts')> => import('./explain.ts');
