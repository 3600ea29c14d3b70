import { UserError } from '../../../core/errors.ts';
import type { LinkOptions } from '../../../load/index.ts';
import type { FlagValues } from '../../command.ts';
import type { Host } from '../../host.ts';
import type { NATS_FLAGS } from './cluster-flags.ts';
import { readInput } from './options.ts';

type NatsFlags = FlagValues<typeof NATS_FLAGS>;

/** How to get into the NATS server at `url`. Errors: LOAD005, LOAD006. */
export async function readLink(host: Host, url: string, flags: NatsFlags): Promise<LinkOptions> {
  const given = {
    user: flags['nats-user'],
    password: await secret(host, flags['nats-password']),
    token: await secret(host, flags['nats-token']),
    creds: await content(host, flags['nats-creds']),
    nkey: await content(host, flags['nats-nkey']),
    ca: await content(host, flags['nats-ca']),
    certificate: await content(host, flags['nats-cert']),
    key: await content(host, flags['nats-key']),
  };
  if ((given.certificate === undefined) !== (given.key === undefined))
    throw usage('a certificate needs its key, and a key its certificate', 'Give --nats-cert and --nats-key.');
  if ((given.user === undefined) !== (given.password === undefined))
    throw usage('a user needs a password', 'Give --nats-user and --nats-password.');
  return { url, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** The key that coordinator and workers share. Errors: LOAD006. */
export const readClusterKey = (host: Host, flags: NatsFlags): Promise<string | undefined> =>
  secret(host, flags['cluster-key']);

const content = async (host: Host, file: string | undefined): Promise<string | undefined> =>
  file === undefined ? undefined : (await readInput(host, file)).toString('utf8');

/** Itself, or what `@FILE` stands for. */
const secret = async (host: Host, text: string | undefined): Promise<string | undefined> =>
  text?.startsWith('@') ? (await content(host, text.slice(1)))?.trim() : text;

export const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });
