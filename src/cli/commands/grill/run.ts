import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { UserError } from '../../../core/errors.ts';
import {
  type Decision,
  loadGrill,
  loadProfiles,
  type OpenSession,
  type Question,
  type Standing,
} from '../../../decide/index.ts';
import type { CommandRun, Invocation, Outcome } from '../../command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { type Host, mayPrompt } from '../../host.ts';
import { tellLeftOut } from '../decide/left-out.ts';
import { renderGrill } from './report.ts';
import type { GRILL_FLAGS } from './spec.ts';

const {
  decideSession,
  defaultSessionFile,
  freeSessionFile,
  grillDocument,
  newSession,
  openQuestions,
  QUESTIONS,
  readSession,
  saveSession,
  standingOf,
  withAnswer,
} = await loadGrill();

type GrillInvocation = Invocation<typeof GRILL_FLAGS>;

export const run: CommandRun<typeof GRILL_FLAGS> = async (invocation) => {
  const { host, flags } = invocation;
  const opened = await openSession(host, flags.file, flags.new);
  if (flags.answer !== undefined) {
    return report(invocation, await answer(host, opened, flags.answer, flags.question));
  }
  if (flags.digest) refuseOpenQuestions(opened);
  if (flags.next || flags.digest) return report(invocation, opened);
  if (!mayPrompt(host)) throw nobodyToAsk();
  const { askAtTerminal } = await import('./terminal.ts');
  const { session, interrupted } = await askAtTerminal(opened, {
    answer: (current, said) => answer(host, current, said, undefined),
  });
  const outcome = await report(invocation, session);
  if (!interrupted) return outcome;
  const text = `What was answered is in ${session.file}; senior-backend grill goes on from there.`;
  return { ...outcome, exit: 'interrupted', text };
};

/** The session of the file, or a new one that is written with its first answer. */
async function openSession(host: Host, named: string | undefined, isNew: boolean): Promise<OpenSession> {
  const now = host.clock.now();
  const file = named === undefined ? defaultSessionFile(host.cwd, now) : resolve(host.cwd, named);
  const opened = isNew ? undefined : await readSession(file);
  if (opened !== undefined) return opened;
  return {
    file: isNew ? await freeSessionFile(file) : file,
    session: newSession(new Date(now).toISOString()),
    text: undefined,
  };
}

/** Records an answer. Errors: GRL001 and GRL006 (usage), GRL003 (refused). */
async function answer(
  host: Host,
  opened: OpenSession,
  said: string,
  number: number | undefined,
): Promise<OpenSession> {
  const question = questionToAnswer(standingOf(opened.session), number);
  const answered = new Date(host.clock.now()).toISOString();
  return saveSession(opened, withAnswer(opened.session, question, said, answered));
}

function questionToAnswer(standing: Standing, number: number | undefined): Question {
  if (number !== undefined) {
    const asked = QUESTIONS[number - 1];
    if (asked !== undefined) return asked;
    throw new UserError('GRL001', `there is no question ${number}`, {
      kind: 'usage',
      help: `The questions are 1 to ${QUESTIONS.length}.`,
    });
  }
  if (standing.status !== 'complete') return standing.next;
  throw new UserError('GRL006', 'all seven questions are answered', {
    kind: 'usage',
    help: 'Change one with --question N, or begin another session with --new.',
  });
}

function refuseOpenQuestions({ session }: OpenSession): void {
  if (standingOf(session).status !== 'asking') return;
  const open = openQuestions(session).map(({ number }) => number);
  throw new UserError('GRL004', `there is no decision yet: questions ${open.join(', ')} are open`, {
    kind: 'usage',
    help: 'Answer them one by one with grill --next and grill --answer.',
  });
}

function nobodyToAsk(): UserError {
  return new UserError('GRL005', 'there is no terminal to ask at', {
    kind: 'usage',
    help: 'Use grill --next to read the question and grill --answer to answer it.',
  });
}

const EXIT_OF_STANDING: Readonly<Record<Standing['status'], ExitName>> = {
  asking: 'ok',
  stopped: 'refused',
  complete: 'ok',
};

/** What came of a session; nothing before all questions are answered. */
interface SessionDecision {
  readonly decision: Decision | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const NOT_YET: SessionDecision = { decision: undefined, diagnostics: [] };

async function report(invocation: GrillInvocation, { file, session }: OpenSession): Promise<Outcome> {
  const standing = standingOf(session);
  const { decision, diagnostics } =
    standing.status === 'complete' ? await decided(invocation, session) : NOT_YET;
  const refused = decision !== undefined && decision.status !== 'recommended';
  return {
    exit: refused ? 'refused' : EXIT_OF_STANDING[standing.status],
    document: grillDocument(file, session, standing, decision, diagnostics),
    text: renderGrill({ file, session, standing, decision, onlyDigest: invocation.flags.digest }),
  };
}

async function decided(
  { host, flags, common }: GrillInvocation,
  session: OpenSession['session'],
): Promise<SessionDecision> {
  const { profiles, diagnostics } = await loadProfiles({
    folder: join(host.cwd, 'profiles'),
    files: flags.profile.map((file) => resolve(host.cwd, file)),
  });
  await tellLeftOut(host, common, diagnostics);
  const known = profiles.map(({ profile }) => profile);
  return { decision: decideSession(session, {}, known), diagnostics };
}
