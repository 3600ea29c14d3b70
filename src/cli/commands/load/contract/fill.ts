// The requests of a run by contract, made from what was found out before it.
import type { LoadOptions, NamedRequest } from '../../../../load/index.ts';
import {
  type ContractOperation,
  type MadeRequest,
  type PathValues,
  resourceKey,
  Unmakeable,
} from '../../../../scaffold/index.ts';
import { askAll } from './ask.ts';
import { type Manner, type Preparing, requestFor, variantOf } from './creation.ts';
import type { Mix } from './mix.ts';
import type { Origin } from './pools.ts';

/** An operation, and something to be said of it. */
export interface LeftOut {
  readonly operation: string;
  readonly why: string;
}

interface Filling {
  readonly preparing: Preparing;
  readonly wanted: readonly ContractOperation[];
  readonly manners: ReadonlyMap<string, Manner>;
  readonly mix: Mix;
}

interface Filled {
  readonly requests: readonly NamedRequest[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly LeftOut[];
}

/** Different requests of one operation that are sent in turn. */
const VARIANTS = 50;
/** Where every request has to be a new one, so many are made at most. */
const MOST_ONCE = 5000;
/** Requests with values that nobody told of are tried before they are sent in numbers. */
const TRIALS = 3;

/** Why an operation is not sent. */
class NotSent extends Error {}

export async function requestsOf(filling: Filling): Promise<Filled> {
  const requests: NamedRequest[] = [];
  const leftOut: LeftOut[] = [];
  const notes: LeftOut[] = [];
  for (const operation of filling.wanted) {
    const { name } = operation;
    try {
      const weight = filling.mix.weights.get(name) ?? 0;
      const { made, once, note } = await requestsFor(filling, operation);
      requests.push(
        ...made.map((request) => ({ ...request, name, weight, ...(once ? { once: true as const } : {}) })),
      );
      if (note !== undefined) notes.push({ operation: name, why: note });
    } catch (error) {
      if (!(error instanceof NotSent || error instanceof Unmakeable)) throw error;
      leftOut.push({ operation: name, why: error.message });
    }
  }
  return { requests, leftOut, notes };
}

interface Made {
  readonly made: readonly MadeRequest[];
  /** Each is sent once. */
  readonly once: boolean;
  readonly note?: string;
}

async function requestsFor(filling: Filling, operation: ContractOperation): Promise<Made> {
  const { preparing, manners } = filling;
  if (operation.method === 'DELETE') return deletions(filling, operation);
  const values = valuesFor(filling, operation);
  const manner = manners.get(operation.name);
  if (manner !== undefined) return creations(filling, operation, values, manner);
  if (operation.pathParameters.length > (values[0]?.length ?? 0))
    return guesses(preparing, operation, values);
  if (operation.isSafe) return { made: different(preparing, operation, values, values.length), once: false };
  return taken(preparing, operation, values);
}

/** What may be in the path: of what only reads, anything that is known; else what was made for the run. */
function valuesFor({ preparing: { pools }, mix }: Filling, operation: ContractOperation): PathValues[] {
  const { isSafe, name, path, method, pathParameters } = operation;
  const named = mix.named.has(name);
  if (pathParameters.length === 0) {
    if (isSafe || named || method === 'POST') return [[]];
    throw new NotSent(`it would change what was there before; name it in --mix to have it sent`);
  }
  const origins: readonly Origin[] = isSafe || named ? ['kept', 'listed'] : ['kept'];
  const values = pools.valuesFor({ path }, origins);
  if (!isSafe && !named && (values[0]?.length ?? 0) === 0)
    throw new NotSent(
      'nothing was made in this run that it could change; name it in --mix to change what is there',
    );
  return values;
}

function deletions({ preparing }: Filling, operation: ContractOperation): Made {
  const key = resourceKey(operation.path);
  const spare = key === undefined ? [] : preparing.pools.ids(key, ['spare']);
  if (spare.length === 0 || operation.pathParameters.length === 0)
    throw new NotSent('nothing was made in this run that it could delete');
  return {
    made: different(preparing, operation, spare, spare.length),
    once: true,
    note: `${spare.length} were made before the run to be deleted in it, each once`,
  };
}

async function creations(
  { preparing, mix, wanted }: Filling,
  operation: ContractOperation,
  values: readonly PathValues[],
  manner: Manner,
): Promise<Made> {
  const { once, refused, latency } = manner;
  const all = wanted.reduce((sum, { name }) => sum + (mix.weights.get(name) ?? 0), 0);
  const share = (mix.weights.get(operation.name) ?? 0) / all;
  const expected = Math.ceil(1.5 * share * expectedRequests(preparing.base, latency)) + 20;
  const count = once ? Math.min(MOST_ONCE, expected) : VARIANTS;
  const wishes = Array.from({ length: count }, (_, at) => values[at % values.length] ?? []);
  if (refused === undefined && !once) return taken(preparing, operation, wishes, manner);
  const made = different(preparing, operation, values, count, (at) => variantOf(manner, at));
  if (refused !== undefined) return { made, once: false, note: `was answered ${refused} before the run` };
  return { made, once: true, note: `takes no request twice: ${count} different ones were made` };
}

/** Ids are made up where nothing tells of any; what is answered 404 then says nothing of the service. */
async function guesses(
  preparing: Preparing,
  operation: ContractOperation,
  values: readonly PathValues[],
): Promise<Made> {
  const trials = different(preparing, operation, values, TRIALS);
  const { answers } = await askAll(preparing.base, trials, preparing.signal);
  const good = trials.filter((_, at) => answers[at]?.isGood === true);
  if (good.length > 0) return { made: good, once: false, note: 'values for its path are made up' };
  const statuses = [...new Set(answers.map((answer) => answer?.status ?? 'not'))].join(', ');
  throw new NotSent(
    `nothing lists or makes what its path names, and made-up values are answered ${statuses}`,
  );
}

/** So often another request is made in place of one that was refused. */
const ROUNDS = 3;

/**
 * Requests that the service takes: each is tried once before the run, since a contract does not say all that a service
 * asks for. Where it takes none, they are sent all the same: then that is what there is to see.
 */
async function taken(
  preparing: Preparing,
  operation: ContractOperation,
  values: readonly PathValues[],
  manner: Pick<Manner, 'taken'> = { taken: 'all' },
): Promise<Made> {
  const good: MadeRequest[] = [];
  const statuses = new Set<number>();
  let last: MadeRequest[] = [];
  let pending = values;
  for (let round = 0; round < ROUNDS && pending.length > 0; round += 1) {
    const first = round * values.length;
    last = different(preparing, operation, pending, pending.length, (at) => variantOf(manner, first + at));
    const { answers } = await askAll(preparing.base, last, preparing.signal);
    good.push(...last.filter((_, at) => answers[at]?.isGood === true));
    for (const answer of answers) if (answer?.isGood === false) statuses.add(answer.status);
    pending = pending.filter((_, at) => answers[at]?.isGood !== true);
  }
  const refusals = [...statuses].sort().join(', ');
  if (good.length === 0) return { made: last, once: false, note: `was answered ${refusals} before the run` };
  if (statuses.size === 0) return { made: good, once: false };
  return {
    made: good,
    once: false,
    note: `some made-up requests were answered ${refusals} before the run; they are not sent`,
  };
}

function different(
  preparing: Preparing,
  operation: ContractOperation,
  values: readonly PathValues[],
  count: number,
  variantAt: (at: number) => number = (at) => at,
): MadeRequest[] {
  return Array.from({ length: count }, (_, at) =>
    requestFor(preparing, operation, values[at % values.length] ?? [], variantAt(at)),
  );
}

/** Where nothing is known of the service, this many milliseconds for an answer. */
const USUAL_LATENCY = 5;

/** About how many requests a run will send, warm-up and all. */
export function expectedRequests(options: LoadOptions, latency = USUAL_LATENCY): number {
  const { requests, rate, stages, connections, duration = 10, warmup = 0 } = options;
  if (requests !== undefined) return requests;
  if (stages !== undefined) return stages.reduce((sum, stage) => sum + stage.rate * stage.duration, 0);
  if (rate !== undefined) return rate * (duration + warmup);
  return ((connections ?? 10) * (duration + warmup) * 1000) / Math.max(0.1, latency);
}
