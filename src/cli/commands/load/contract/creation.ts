// How a service takes requests that make something: found out by making a few.
import type { LoadOptions } from '../../../../load/index.ts';
import {
  type ContractOperation,
  type JsonValue,
  type MadeRequest,
  makeRequest,
  type PathValues,
  type RequestContract,
} from '../../../../scaffold/index.ts';
import { type Asked, askAll, type PreparedAnswer } from './ask.ts';
import { boundValues, type Pools } from './pools.ts';

/** What requests are made with before the run. */
export interface Preparing {
  readonly contract: RequestContract;
  readonly pools: Pools;
  /** Where they go, and who sends them. */
  readonly base: LoadOptions;
  /** What the URL that was given has before and behind every path: `/v1`, `key=1`. */
  readonly prefix: string;
  readonly query: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** How an operation takes what is made up for it. */
export interface Manner {
  /** Which variants were taken: `whole` with all that may be in them, `lean` without what need not. */
  readonly taken: 'all' | 'whole' | 'lean';
  /** The same request a second time is refused, as where something has to be unique. */
  readonly once: boolean;
  /** The status of the refusal, when no request at all was taken. */
  readonly refused?: number;
  readonly latency: number | undefined;
}

/** Makes one request. Throws Unmakeable. */
export function requestFor(
  { contract, pools, random, prefix, query, base }: Preparing,
  asked: ContractOperation,
  values: PathValues,
  variant: number,
): MadeRequest {
  const path = boundValues(asked, values);
  // What is changed stays what it is: a property with the name of a path parameter has its value.
  const known = (property: string): JsonValue | undefined =>
    path.get(property) ?? pools.referred(property, random);
  const made = makeRequest(contract, asked, { path, variant, seed: Math.floor(random() * 2 ** 32), known });
  return withCookies({ ...made, path: joined(`${prefix}${made.path}`, query) }, base);
}

const joined = (path: string, query: string): string =>
  query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** Cookies of the command line and of the contract share one header. */
function withCookies(made: MadeRequest, { headers = [] }: LoadOptions): MadeRequest {
  const own = headers.find(([name]) => name.toLowerCase() === 'cookie')?.[1];
  if (own === undefined) return made;
  return {
    ...made,
    headers: made.headers.map(([name, value]) =>
      name === 'Cookie' ? ([name, `${own}; ${value}`] as const) : ([name, value] as const),
    ),
  };
}

/** A request that was made, with where it stands and what came of it. */
export interface Attempt {
  readonly values: PathValues;
  readonly answer: PreparedAnswer | undefined;
}

/** Sends four different requests, and one that was taken a second time. Throws Unmakeable. */
export async function tryOut(
  preparing: Preparing,
  asked: ContractOperation,
  parents: readonly PathValues[],
): Promise<{ readonly manner: Manner; readonly attempts: readonly Attempt[] }> {
  const places = Array.from({ length: 2 * TRIED }, (_, at) => parents[at % parents.length] ?? []);
  const requests = places.map((values, at) => requestFor(preparing, asked, values, at));
  const { answers, latency } = await askAll(preparing.base, requests, preparing.signal);
  const isGood = (at: number): boolean => answers[at]?.isGood === true;
  const good = answers.findIndex((_, at) => isGood(at));
  const repeated = requests.filter((_, at) => at === good);
  const { answers: again } = await askAll(preparing.base, repeated, preparing.signal);
  const refused = good < 0 ? answers.find((answer) => answer !== undefined)?.status : undefined;
  return {
    attempts: [
      ...places.map((values, at) => ({ values, answer: answers[at] })),
      { values: places[good] ?? [], answer: again[0] },
    ],
    manner: {
      // The first ones may be examples: what is made up may be taken otherwise.
      taken: isGood(TRIED) === isGood(TRIED + 1) ? 'all' : isGood(TRIED) ? 'whole' : 'lean',
      once: again[0]?.isGood === false,
      ...(refused === undefined ? {} : { refused }),
      latency,
    },
  };
}

/** Variants that may be examples, and are not sent again. */
const TRIED = 2;

/** The variant of another request: even ones are whole, odd ones lean. */
export const variantOf = ({ taken }: Pick<Manner, 'taken'>, at: number): number =>
  taken === 'all' ? TRIED + at : TRIED + 2 * at + (taken === 'lean' ? 1 : 0);

/** Sends so many further requests, all different. Throws Unmakeable. */
export async function makeMore(
  preparing: Preparing,
  asked: ContractOperation,
  parents: readonly PathValues[],
  count: number,
  manner: Manner,
): Promise<Attempt[]> {
  const values = Array.from({ length: count }, (_, at) => parents[at % parents.length] ?? []);
  const requests = values.map((own, at) => requestFor(preparing, asked, own, variantOf(manner, at)));
  const { answers }: Asked = await askAll(preparing.base, requests, preparing.signal);
  return values.map((own, at) => ({ values: own, answer: answers[at] }));
}
