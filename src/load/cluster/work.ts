// One run's part as a worker does it: prepared, then begun at its moment.
import { UserError } from '../../core/errors.ts';
import type { ClientControl, ClientPlan, Renewal } from '../client/plan.ts';
import { shareList, shareRenewal } from '../client/threads.ts';
import { runClients } from '../clients.ts';
import { merged } from '../histogram.ts';
import type { Window } from '../pace.ts';
import { progressOf } from '../progress.ts';
import { keepToken, type PreparedRun, prepareRun } from '../run.ts';
import type { LoadOptions } from '../settings.ts';
import { answeredStatuses, statusRule, type Tally } from '../tally.ts';
import type { Target } from '../target.ts';
import type { Permit } from './allow.ts';
import type { Job } from './messages.ts';
import { encodeHistogram } from './tally-data.ts';

/** A part that is ready to begin. */
export interface Work {
  readonly crew: PreparedRun['crew'];
  /** Ends it at the next tick. */
  stop(): void;
  /** What was counted so far, as a beat tells it; undefined before there is anything. */
  progress(): object | undefined;
  run(): Promise<{ readonly tally: Tally; readonly tokenProblem?: string | undefined }>;
}

/**
 * Checks that the job may be done here, and opens a first connection. Nothing is sent to a host without a permit.
 * Errors: as runLoad, LOAD032.
 */
export async function prepareWork({ options, window, place }: Job, permit: Permit): Promise<Work> {
  refuseToken(options, permit);
  const prepared = await prepareRun(options, (target) => refuse(target, permit));
  const { crew } = prepared;
  const client = partOf(prepared.client, window, place);
  const isExpected = statusRule(client.expectedStatuses);
  let latest: Tally | undefined;
  let renewed: Renewal | undefined;
  const control: ClientControl = {
    stopped: false,
    get renewed() {
      return renewed;
    },
    // A token replaces the whole list; of that, this worker sends what it sent before.
    set renewed(whole) {
      renewed = whole && shareRenewal(whole, prepared.client, place.index, place.of);
    },
    onProgress: (tally) => {
      latest = tally;
    },
  };
  return {
    crew,
    stop: () => {
      control.stopped = true;
    },
    progress: () => {
      if (latest === undefined) return undefined;
      const { elapsedSeconds, requests, failed } = progressOf(latest, isExpected, 0);
      const successes = answeredStatuses(latest).flatMap(([status, own]) =>
        isExpected(status) ? [own] : [],
      );
      return { elapsedSeconds, requests, failed, latencies: encodeHistogram(merged(successes)) };
    },
    run: async () => {
      const renewal = keepToken(options, prepared.token, control);
      try {
        return { tally: await runClients(client, crew, control), tokenProblem: renewal.end() };
      } finally {
        renewal.end();
      }
    },
  };
}

/** The worker's own requests, and rows that not all workers begin with. */
function partOf(client: ClientPlan, window: Window, { index, of }: Job['place']): ClientPlan {
  const { pace } = client;
  return {
    ...client,
    ...shareList(client, index, of),
    pace: pace.kind === 'closed' ? pace : { ...pace, share: { ...pace.share, window } },
  };
}

function refuseToken({ oauth }: LoadOptions, permit: Permit): void {
  if (oauth === undefined || !URL.canParse(oauth.tokenUrl)) return;
  const { hostname, port, protocol } = new URL(oauth.tokenUrl);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  refuse({ host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }, permit);
}

function refuse({ host, port }: Pick<Target, 'host' | 'port'>, permit: Permit): void {
  if (permit({ host, port })) return;
  throw new UserError('LOAD032', `this worker may not load ${host}:${port}`, {
    kind: 'refused',
    help: `Start it with --allow ${host}, if that is wanted.`,
  });
}
