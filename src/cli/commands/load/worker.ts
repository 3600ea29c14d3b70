import { availableParallelism, hostname } from 'node:os';
import { serveRuns } from '../../../load/index.ts';
import type { Invocation, Outcome } from '../../command.ts';
import { visible } from '../../render/visible.ts';
import { packageVersion } from '../../version.ts';
import type { WORKER_FLAGS } from './cluster-flags.ts';
import { readClusterKey, readLink, usage } from './cluster-options.ts';

/** `senior-backend load worker`: serves runs until it is told to stop. */
export async function run({ host, flags, common }: Invocation<typeof WORKER_FLAGS>): Promise<Outcome> {
  if (flags.cluster === undefined)
    throw usage('there is no NATS server', 'Give --cluster nats://HOST:PORT, or set NATS_URL.');
  const cores = availableParallelism();
  const options = {
    link: await readLink(host, flags.cluster, flags),
    clusterKey: await readClusterKey(host, flags),
    name: (flags.name ?? hostname()).slice(0, 100),
    version: await packageVersion(),
    capacity: flags.capacity ?? cores,
    cores,
    allow: flags.allow,
    once: flags.once,
    clock: host.clock,
  };
  host.acceptTermination();
  const outcome = await serveRuns(options, host.signal, (line) => {
    if (!common.quiet && !common.json) host.stderr.write(`${visible(line)}\n`);
  });
  const { runs, requests, server } = outcome;
  return {
    exit: 'ok',
    document: { version: 1, kind: 'load-worker', name: options.name, server, runs, requests },
    text: `${runs} ${runs === 1 ? 'run' : 'runs'}, ${requests} answers counted`,
  };
}
