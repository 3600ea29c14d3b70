import { join, resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import {
  type Decision,
  decide,
  decisionDocument,
  digestOf,
  FACT_NAMES,
  flagOf,
  type LoadedProfiles,
  loadExplain,
  loadGrill,
  loadProfiles,
  type Profile,
  type RawFacts,
  readFacts,
} from '../../../decide/index.ts';
import type { CommandRun, FlagValues, Invocation, Outcome } from '../../command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { tellLeftOut } from './left-out.ts';
import type { DECIDE_FLAGS } from './spec.ts';

type Flags = FlagValues<typeof DECIDE_FLAGS>;

/** The facts of the documented example. */
const SAMPLE: RawFacts = {
  team_size: 8,
  qps_p99: 50,
  read_write_ratio: 20,
  tenancy: 'shared-multi-tenant',
  data_sensitivity: 'pii',
  pattern: 'modular-monolith',
  language_preference: 'typescript',
  platform_team: false,
  needs_admin_panel: false,
};

const EXIT_OF_STATUS: Readonly<Record<Decision['status'], ExitName>> = {
  recommended: 'ok',
  refused: 'refused',
  'no-fit': 'refused',
};

export const run: CommandRun<typeof DECIDE_FLAGS> = async (invocation) => {
  const { host, flags } = invocation;
  const loaded = await loadProfiles({
    folder: join(host.cwd, 'profiles'),
    files: flags.profile.map((file) => resolve(host.cwd, file)),
  });
  await tellLeftOut(host, invocation.common, loaded.diagnostics);
  const outcome = flags['list-profiles'] ? await listed(loaded) : await decided(invocation, loaded);
  return flags.output === undefined ? outcome : await written(invocation, outcome, flags.output);
};

async function listed(loaded: LoadedProfiles): Promise<Outcome> {
  const { profileList } = await import('./profile-list.ts');
  return profileList(loaded);
}

async function decided(
  { host, flags, common }: Invocation<typeof DECIDE_FLAGS>,
  loaded: LoadedProfiles,
): Promise<Outcome> {
  const profiles = loaded.profiles.map(({ profile }) => profile);
  const facts = { ...(flags.sample ? SAMPLE : {}), ...givenFacts(flags) };
  const decision =
    flags.answers === undefined
      ? decide(readFacts(facts), profiles)
      : await decideOnAnswers(resolve(host.cwd, flags.answers), facts, profiles);
  const document = decisionDocument(decision, loaded.diagnostics);
  // Nobody reads the text beside the document, and it takes as long to start as the decision itself.
  const text = common.json ? '' : await render(flags, decision, document);
  return { exit: EXIT_OF_STATUS[decision.status], document, text };
}

/** The facts that flags state, still as text. */
function givenFacts(flags: Flags): RawFacts {
  const given = FACT_NAMES.map((fact) => [fact, flags[flagOf(fact).slice(2) as keyof Flags]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

async function decideOnAnswers(
  file: string,
  overrides: RawFacts,
  profiles: readonly Profile[],
): Promise<Decision> {
  const { decideSession, readSession } = await loadGrill();
  const opened = await readSession(file);
  if (opened !== undefined) return decideSession(opened.session, overrides, profiles);
  throw new UserError('DEC004', `${file} cannot be read: there is no such file`, {
    kind: 'usage',
    help: 'Give the file that grill wrote.',
  });
}

async function render(flags: Flags, decision: Decision, document: object): Promise<string> {
  if (flags.format === 'json') return JSON.stringify(document, null, 2);
  if (flags.digest) return digestOf(decision);
  const { renderDecision } = await import('./report.ts');
  const arithmetic = flags.explain ? (await loadExplain()).explainDecision(decision) : [];
  return renderDecision(decision, arithmetic, flags.format === 'markdown');
}

async function written(
  { host, flags, common }: Invocation<typeof DECIDE_FLAGS>,
  outcome: Outcome,
  file: string,
): Promise<Outcome> {
  const { writeReport } = await import('./write-report.ts');
  const text = common.json ? JSON.stringify(outcome.document, null, 2) : outcome.text;
  await writeReport(resolve(host.cwd, file), `${text}\n`, flags.force);
  return { ...outcome, text: `Wrote ${file}.` };
}
