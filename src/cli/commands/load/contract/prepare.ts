// Everything that is found out of a service before it is loaded by its contract.
import { UserError } from '../../../../core/errors.ts';
import type { LoadOptions, NamedRequest } from '../../../../load/index.ts';
import {
  type ContractOperation,
  type Credentials,
  createdIds,
  listedIds,
  missingCredentials,
  type PathValues,
  type RequestContract,
  type Resource,
  resourceKey,
  resourcesOf,
  Unmakeable,
} from '../../../../scaffold/index.ts';
import { askAll } from './ask.ts';
import { type Attempt, type Manner, makeMore, type Preparing, requestFor, tryOut } from './creation.ts';
import { expectedRequests, type LeftOut, requestsOf } from './fill.ts';
import type { Mix } from './mix.ts';
import { Pools, parentKey } from './pools.ts';

/** What is loaded, what is not and why, and what is worth a word. */
export interface Preparation {
  readonly operations: readonly NamedRequest[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly LeftOut[];
}

/** What a load by contract is asked for. */
export interface ContractWish {
  readonly contract: RequestContract;
  readonly mix: Mix;
  readonly credentials: Credentials;
  readonly base: LoadOptions;
  readonly prefix: string;
  readonly query: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Made for reading and changing; the rest of what is made is for deleting. */
const KEPT = 20;
const MOST_SPARE = 500;
/** Of what is made up, the service may not take all: so often more is made. */
const ROUNDS = 3;
/** Lists are asked for below so many of the things that they are a part of. */
const MOST_PARENTS = 20;

/**
 * Asks the service for ids, makes what the run may change and delete, and makes the requests of the run.
 * Errors: those of runLoad, and LOAD021 when nothing is left to be sent.
 */
export async function prepareContract(wish: ContractWish): Promise<Preparation> {
  const { contract, mix, credentials } = wish;
  const leftOut: LeftOut[] = [];
  const allowed = contract.operations.filter((operation) => {
    const missing = missingCredentials(operation, contract, credentials);
    if (missing.length > 0 && (mix.weights.get(operation.name) ?? 0) > 0)
      leftOut.push({ operation: operation.name, why: `no credential was given for ${missing.join(', ')}` });
    return missing.length === 0;
  });
  const wanted = allowed.filter(({ name }) => (mix.weights.get(name) ?? 0) > 0);
  for (const { name } of contract.operations)
    if (mix.weights.get(name) === 0) leftOut.push({ operation: name, why: 'its weight is 0' });
  // What only reads may be asked for ids also when it is not part of the mix.
  const usable = allowed.filter((operation) => operation.isSafe || wanted.includes(operation));
  const resources = resourcesOf({ ...contract, operations: usable });
  const pools = new Pools(resources);
  const preparing: Preparing = { ...wish, pools };
  const manners = await explore(preparing, resources, wanted, mix);
  const filled = await requestsOf({ preparing, wanted, manners, mix });
  wish.signal.throwIfAborted();
  const operations = filled.requests;
  if (operations.every(({ once }) => once === true)) throw nothingLeft([...leftOut, ...filled.leftOut]);
  return { operations, leftOut: [...leftOut, ...filled.leftOut], notes: filled.notes };
}

function nothingLeft(leftOut: readonly LeftOut[]): UserError {
  const [first] = leftOut;
  return new UserError('LOAD021', 'no operation of the contract can be sent', {
    ...(first === undefined ? {} : { help: `${first.operation}: ${first.why}.` }),
  });
}

/** Collects ids, outer resources first: lists, then what has to be made. Returns how operations take requests. */
async function explore(
  preparing: Preparing,
  resources: readonly Resource[],
  wanted: readonly ContractOperation[],
  mix: Mix,
): Promise<Map<string, Manner>> {
  const manners = new Map<string, Manner>();
  const depths = [...new Set(resources.map(({ parameters }) => parameters.length))];
  const roots = wanted.filter(
    ({ name, path, method }) =>
      method === 'POST' &&
      resourceKey(path) === undefined &&
      !resources.some(({ create }) => create?.name === name),
  );
  for (const depth of depths) {
    const level = resources.filter(({ parameters }) => parameters.length === depth);
    for (const resource of level) await readList(preparing, resource);
    const makers = level.filter(({ create }) => create !== undefined);
    // What refers to something that is made later is tried again.
    const refused: Resource[] = [];
    for (const resource of makers)
      if (!(await make(preparing, resource, wanted, mix, manners))) refused.push(resource);
    for (const resource of refused) await make(preparing, resource, wanted, mix, manners);
  }
  for (const operation of roots) {
    const tried = await attempted(() => tryOut(preparing, operation, [[]]));
    if (tried !== undefined) manners.set(operation.name, tried.manner);
  }
  return manners;
}

async function readList(preparing: Preparing, resource: Resource): Promise<void> {
  const { list, key } = resource;
  if (list === undefined) return;
  const parents = preparing.pools.valuesFor(list, ['kept', 'listed']).slice(0, MOST_PARENTS);
  const requests = await attempted(async () =>
    parents.map((values) => requestFor(preparing, list, values, 0)),
  );
  if (requests === undefined) return;
  const { answers } = await askAll(preparing.base, requests, preparing.signal);
  answers.forEach((answer, at) => {
    if (answer?.isGood !== true) return;
    const ids = listedIds(resource, answer, preparing.contract.judge);
    preparing.pools.add(
      key,
      'listed',
      ids.map((own) => [...(parents[at] ?? []), ...own]),
    );
  });
}

/** Makes some of a resource; false when the service took none. */
async function make(
  preparing: Preparing,
  resource: Resource,
  wanted: readonly ContractOperation[],
  mix: Mix,
  manners: Map<string, Manner>,
): Promise<boolean> {
  const { create, key } = resource;
  if (create === undefined || !wanted.includes(create)) return true;
  const parents = writableParents(preparing.pools, resource, mix);
  if (parents === undefined) return true;
  const tried = await attempted(() => tryOut(preparing, create, parents));
  if (tried === undefined) return true;
  manners.set(create.name, tried.manner);
  if (tried.manner.refused !== undefined) return false;
  const ids = idsOf(preparing, resource, tried.attempts);
  if (ids.length === 0) return true;
  const { kept, spare } = neededOf(resource, wanted, mix, preparing, tried.manner.latency);
  const all = [...ids];
  for (let round = 0; round < ROUNDS && all.length < kept + spare; round += 1) {
    const missing = kept + spare - all.length;
    const more = await attempted(() => makeMore(preparing, create, parents, missing, tried.manner));
    all.push(...idsOf(preparing, resource, more ?? []));
  }
  const most = spare === 0 ? kept : Math.min(kept, Math.ceil(all.length / 2));
  preparing.pools.add(key, 'kept', all.slice(0, most));
  preparing.pools.add(key, 'spare', all.slice(most));
  return true;
}

/** Below what was made for the run; also below the user's own where the operation is named. */
function writableParents(pools: Pools, { key, create }: Resource, mix: Mix): PathValues[] | undefined {
  const parent = parentKey(key);
  if (parent === undefined) return [[]];
  const named = create !== undefined && mix.named.has(create.name);
  const ids = pools.ids(parent, named ? ['kept', 'listed'] : ['kept']);
  return ids.length === 0 ? undefined : ids;
}

const idsOf = (
  { contract: { judge } }: Preparing,
  resource: Resource,
  attempts: readonly Attempt[],
): PathValues[] =>
  attempts.flatMap(({ values, answer }) => {
    const ids = answer?.isGood === true ? createdIds(resource, answer, judge) : undefined;
    return ids === undefined ? [] : [[...values, ...ids]];
  });

/** How many of a resource the run needs: to be changed, and to be deleted. */
function neededOf(
  { key }: Resource,
  wanted: readonly ContractOperation[],
  mix: Mix,
  { base }: Preparing,
  latency: number | undefined,
): { readonly kept: number; readonly spare: number } {
  const below = wanted.filter(({ path }) => `${resourceKey(path) ?? ''}/`.startsWith(`${key}/`));
  const remove = below.find(({ method, path }) => method === 'DELETE' && resourceKey(path) === key);
  const changes = below.some(({ isSafe, method }) => !isSafe && method !== 'DELETE');
  const kept = changes ? KEPT : below.some(({ isSafe }) => isSafe) ? 3 : 0;
  if (remove === undefined) return { kept, spare: 0 };
  const all = wanted.reduce((sum, { name }) => sum + (mix.weights.get(name) ?? 0), 0);
  const share = (mix.weights.get(remove.name) ?? 0) / all;
  return { kept, spare: Math.min(MOST_SPARE, Math.ceil(share * expectedRequests(base, latency)) + 5) };
}

/** undefined where no valid request can be made: the operation is then left out, and said to be. */
async function attempted<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unmakeable) return undefined;
    throw error;
  }
}
