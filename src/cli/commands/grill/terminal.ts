import type { Readable, Writable } from 'node:stream';
import { isCancel, log, text } from '@clack/prompts';
import { UserError } from '../../../core/errors.ts';
import { loadGrill, type OpenSession } from '../../../decide/index.ts';
import { renderQuestion } from './report.ts';

const { poseQuestion, sessionFacts, standingOf } = await loadGrill();

export interface Terminal {
  readonly answer: (current: OpenSession, said: string) => Promise<OpenSession>;
  /** Where the person types and reads; the process's own when absent. */
  readonly input?: Readable;
  readonly output?: Writable;
}

/**
 * Asks question after question until all are answered, a kill criterion stops, or the person presses
 * Ctrl-C. Every answer is in the file before the next question is asked.
 */
export async function askAtTerminal(
  opened: OpenSession,
  { answer, input = process.stdin, output = process.stderr }: Terminal,
): Promise<{ readonly session: OpenSession; readonly interrupted: boolean }> {
  let session = opened;
  for (;;) {
    const standing = standingOf(session.session);
    if (standing.status !== 'asking') return { session, interrupted: false };
    log.message(renderQuestion(standing.next, session.session), { output });
    const placeholder = poseQuestion(standing.next, sessionFacts(session.session)).recommended_answer;
    const said = await text({ message: 'Your answer', placeholder, input, output });
    if (isCancel(said)) return { session, interrupted: true };
    try {
      session = await answer(session, said ?? '');
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'GRL001') throw error;
      log.warn(`${error.message}\n${error.help ?? ''}`, { output });
    }
  }
}
