// `load --spec`: the flags, the contract and the service as a run of named requests.
import { resolve } from 'node:path';
import { UserError } from '../../../../core/errors.ts';
import { type LoadOptions, refuseBesideOperations } from '../../../../load/index.ts';
import { type Credentials, readRequestContract } from '../../../../scaffold/index.ts';
import type { FlagValues } from '../../../command.ts';
import type { Host } from '../../../host.ts';
import type { LoadFlags } from '../options.ts';
import { AnswerCheck, SAMPLES } from './check.ts';
import type { LeftOut } from './fill.ts';
import { readMix } from './mix.ts';
import { prepareContract } from './prepare.ts';

/** A run by contract that is ready to start. */
export interface ContractRun {
  readonly options: LoadOptions;
  readonly title: string;
  readonly check: AnswerCheck;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly LeftOut[];
}

/** Reads the contract and asks the service for what the run needs. Errors: LOAD001 to LOAD005, LOAD020, LOAD021, SCF001 to SCF007, SCF052. */
export async function readContractRun(
  host: Pick<Host, 'cwd' | 'random' | 'signal'>,
  spec: string,
  options: LoadOptions,
  flags: Pick<FlagValues<LoadFlags>, 'mix'>,
): Promise<ContractRun> {
  refuseBesideOperations(options);
  const contract = await readRequestContract(
    { path: resolve(host.cwd, spec), shown: spec },
    { allowRefs: false, allowNetwork: false },
  );
  const mix = readMix(flags.mix, contract.operations);
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined)
    throw new UserError('LOAD001', `${JSON.stringify(options.url)} is not a URL`, {
      help: 'Give where the service is, with the path that the paths of the contract stand below.',
    });
  const prepared = await prepareContract({
    contract,
    mix,
    credentials: credentialsOf(options, url),
    base: options,
    prefix: url.pathname.replace(/\/$/, ''),
    query: url.search.slice(1),
    random: host.random,
    signal: host.signal,
  });
  return {
    options: { ...options, operations: prepared.operations, samples: SAMPLES },
    title: contract.title,
    check: new AnswerCheck(contract),
    leftOut: prepared.leftOut,
    notes: prepared.notes,
  };
}

/** What the flags give to prove who asks. */
function credentialsOf({ headers = [], oauth, certificate }: LoadOptions, url: URL): Credentials {
  const headerOf = (wanted: string): string =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const scheme = /^\S+/.exec(headerOf('authorization'))?.[0].toLowerCase();
  const authorization = oauth === undefined ? scheme : 'bearer';
  const cookies = headerOf('cookie')
    .split(';')
    .map((part) => part.replace(/=.*$/, '').trim());
  return {
    ...(authorization === undefined ? {} : { authorization }),
    headers: new Set(headers.map(([name]) => name.toLowerCase())),
    query: new Set(url.searchParams.keys()),
    cookies: new Set(cookies),
    certificate: certificate !== undefined,
  };
}
