import {
  type Decision,
  digestOf,
  loadGrill,
  type Question,
  refusalDigest,
  type Session,
  type Standing,
} from '../../../decide/index.ts';
import { columns } from '../../render/columns.ts';

const { poseQuestion, sessionFacts } = await loadGrill();

export interface GrillReport {
  readonly file: string;
  readonly session: Session;
  readonly standing: Standing;
  /** The decision of a complete session. */
  readonly decision: Decision | undefined;
  readonly onlyDigest: boolean;
}

/** Where the session stands, for people. */
export function renderGrill({ file, session, standing, decision, onlyDigest }: GrillReport): string {
  if (standing.status === 'complete') {
    const digest = decision === undefined ? '' : digestOf(decision);
    return onlyDigest ? digest : `${digest}\n\nAll of it: senior-backend decide --answers ${file}`;
  }
  if (standing.status === 'asking') return renderQuestion(standing.next, session);
  const digest = refusalDigest(standing.kills);
  if (onlyDigest) return digest;
  return `Stopped.\n${digest}\n\nIt goes on when the answer is another one:\n\n${renderQuestion(standing.next, session)}`;
}

/** One question with everything that is needed to answer it. */
export function renderQuestion(question: Question, session: Session): string {
  const posed = poseQuestion(question, sessionFacts(session));
  return [
    `Question ${posed.number} of ${posed.of}: ${posed.asks}`,
    ...columns([
      ['  why', posed.why],
      ['  recommended', posed.recommended_answer],
      ['  because', posed.because],
      ['  stops at', posed.killed_by],
      ['  source', posed.source],
    ]),
  ].join('\n');
}
