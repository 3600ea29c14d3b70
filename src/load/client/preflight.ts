import { lookup } from 'node:dns/promises';
import { systemErrorCode, UserError } from '../../core/errors.ts';
import type { FaultKind } from '../fault.ts';
import type { Target } from '../target.ts';
import { netEngine } from './net-engine.ts';
import type { Endpoint, TlsOptions } from './wire.ts';

/** What opening the first connection needs to know; `timeout` in milliseconds. */
export interface PreflightOptions {
  readonly tls: TlsOptions;
  readonly protocol: Endpoint['protocol'];
  readonly socketPath?: string;
  readonly timeout: number;
}

/**
 * Resolves the host once and opens one connection (with TLS: a whole handshake), so that a run against
 * nothing ends before it starts. The addresses are tried in the order of the system.
 * Errors: LOAD003, LOAD004.
 */
export async function findEndpoint(target: Target, options: PreflightOptions): Promise<Endpoint> {
  let refusal: Refusal | undefined;
  const { tls, socketPath, protocol } = options;
  const addresses = socketPath === undefined ? await resolveHost(target) : [''];
  for (const address of addresses) {
    const endpoint = { target, address, tls, protocol, ...(socketPath === undefined ? {} : { socketPath }) };
    refusal = await tryToConnect(endpoint, options.timeout);
    if (refusal === undefined) return endpoint;
  }
  throw asUserError(target, refusal ?? { kind: 'dns', sample: 'the name has no address' });
}

interface Refusal {
  readonly kind: FaultKind;
  readonly sample: string;
}

async function resolveHost(target: Target): Promise<string[]> {
  try {
    return (await lookup(target.host, { all: true })).map(({ address }) => address);
  } catch (error) {
    const code = systemErrorCode(error) ?? String(error);
    throw asUserError(target, { kind: 'dns', sample: `${target.host} was not resolved (${code})` });
  }
}

function tryToConnect(endpoint: Endpoint, timeout: number): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    const settle = (refusal?: Refusal): void => {
      clearTimeout(timer);
      wire.close();
      resolve(refusal);
    };
    const kind = endpoint.target.tls ? 'tls' : 'closed-early';
    const wire = netEngine().dial(endpoint, {
      opened: () => settle(),
      received: () => {},
      ended: () => settle({ kind, sample: 'it closed the connection' }),
      failed: (fault, sample) => settle({ kind: fault, sample }),
    });
    const timer = setTimeout(
      () => settle({ kind: 'connect-timeout', sample: `no connection within ${timeout} ms` }),
      timeout,
    );
  });
}

function asUserError(target: Target, { kind, sample }: Refusal): UserError {
  if (kind === 'tls') {
    return new UserError('LOAD004', `no TLS with ${target.authority}: ${sample}`, {
      help: 'Nothing was sent. For a certificate of your own, use --no-verify-ssl.',
    });
  }
  return new UserError('LOAD003', `${target.authority} cannot be reached: ${sample}`, {
    help: 'Nothing was sent. Start the service, or check the host and the port.',
  });
}
