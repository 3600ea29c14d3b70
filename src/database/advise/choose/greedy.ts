import type { Built } from '../whatif/what-if.ts';
import type { Problem } from './problem.ts';

export interface Limits {
  readonly indexes: number;
  /** Blocks of 8 kB, all indexes together. */
  readonly blocks: number;
}

/** How a gain is weighed against the size that it costs. */
type Weigh = (gain: number, blocks: number) => number;

const BY_GAIN: Weigh = (gain) => gain;
const BY_DENSITY: Weigh = (gain, blocks) => gain / Math.sqrt(blocks);

/** Less than this is noise: a thousandth of the whole. */
const LEAST_GAIN = 0.002;

/**
 * Chooses step by step what helps most given what was chosen. Gains only shrink as more is chosen (nearly always),
 * so a gain of an earlier step is an upper bound and most need not be computed anew (Minoux 1978). Run
 * once for gain and once for gain by size; the better of the two, improved by exchanges, is returned.
 */
export async function chooseIndexes(problem: Problem, limits: Limits): Promise<Built[]> {
  const singles = await singleGains(problem);
  const choices: Built[][] = [];
  for (const weigh of [BY_GAIN, BY_DENSITY]) choices.push(await greedy(problem, limits, singles, weigh));
  const gains: number[] = [];
  for (const choice of choices) gains.push(await problem.gain(choice));
  const better = (gains[0] ?? 0) >= (gains[1] ?? 0) ? choices[0] : choices[1];
  const pruned = await prune(problem, await exchange(problem, limits, better ?? [], singles));
  return generalise(problem, limits, await shrink(problem, pruned, singles), singles);
}

interface Rated {
  readonly built: Built;
  gain: number;
}

/** The gain of each candidate alone; those without one are not looked at again. */
async function singleGains(problem: Problem): Promise<Rated[]> {
  const rated: Rated[] = [];
  for (const built of problem.candidates) {
    const gain = await problem.gain([built]);
    if (gain > LEAST_GAIN) rated.push({ built, gain });
  }
  return rated;
}

async function greedy(
  problem: Problem,
  limits: Limits,
  singles: readonly Rated[],
  weigh: Weigh,
): Promise<Built[]> {
  const chosen: Built[] = [];
  let open = singles.map((rated) => ({ ...rated }));
  let reached = 0;
  let used = 0;
  while (chosen.length < limits.indexes) {
    open = open.filter(({ built }) => !chosen.includes(built) && used + built.blocks <= limits.blocks);
    const best = await bestNext(problem, chosen, reached, open, weigh);
    if (best === undefined) break;
    chosen.push(best.built);
    used += best.built.blocks;
    reached += best.gain;
  }
  return chosen;
}

async function bestNext(
  problem: Problem,
  chosen: readonly Built[],
  reached: number,
  open: readonly Rated[],
  weigh: Weigh,
): Promise<Rated | undefined> {
  const rank = ({ gain, built }: Rated): number => weigh(gain, built.blocks);
  const queue = [...open].sort((left, right) => rank(right) - rank(left));
  let best: Rated | undefined;
  for (const rated of queue) {
    if (best !== undefined && rank(rated) <= rank(best)) break;
    rated.gain = (await problem.gain([...chosen, rated.built])) - reached;
    if (rated.gain > LEAST_GAIN && (best === undefined || rank(rated) > rank(best))) best = rated;
  }
  return best;
}

/** How many of the best single candidates are tried in the place of each chosen one. */
const TRIED = 40;

/** Replaces one chosen index by another while that makes the whole better. */
async function exchange(
  problem: Problem,
  limits: Limits,
  start: readonly Built[],
  singles: readonly Rated[],
): Promise<Built[]> {
  const others = [...singles].sort((left, right) => right.gain - left.gain).slice(0, TRIED);
  let chosen = [...start];
  let gain = await problem.gain(chosen);
  for (const out of start) {
    const rest = chosen.filter((built) => built !== out);
    const room = limits.blocks - rest.reduce((sum, { blocks }) => sum + blocks, 0);
    for (const { built } of others) {
      if (rest.includes(built) || built === out || built.blocks > room) continue;
      const tried = await problem.gain([...rest, built]);
      if (tried <= gain + LEAST_GAIN) continue;
      gain = tried;
      chosen = [...rest, built];
    }
  }
  return chosen;
}

/** Takes away what the others make superfluous: an index without which the whole is as good. */
async function prune(problem: Problem, start: readonly Built[]): Promise<Built[]> {
  let chosen = [...start];
  const bySize = [...start].sort((left, right) => right.blocks - left.blocks);
  for (const built of bySize) {
    const without = chosen.filter((other) => other !== built);
    if ((await problem.gain(without)) >= (await problem.gain(chosen)) - LEAST_GAIN) chosen = without;
  }
  return chosen;
}

/** Replaces an index by the smallest one of its table that does as well. */
async function shrink(
  problem: Problem,
  start: readonly Built[],
  singles: readonly Rated[],
): Promise<Built[]> {
  const chosen = [...start];
  const wanted = (await problem.gain(chosen)) - LEAST_GAIN;
  for (const [at, built] of start.entries()) {
    const smaller = singles
      .map((rated) => rated.built)
      .filter(({ candidate, blocks }) => candidate.table === built.candidate.table && blocks < built.blocks)
      .sort((left, right) => left.blocks - right.blocks);
    for (const other of smaller) {
      const tried = chosen.map((kept, position) => (position === at ? other : kept));
      if (chosen.includes(other) || (await problem.gain(tried)) < wanted) continue;
      chosen[at] = other;
      break;
    }
  }
  return chosen;
}

/** What a condition on a value that was written into a statement has to be worth, as a share of the whole gain. */
const LITERAL = 0.05;

/** Replaces an index for one value by one for every value, where that is nearly as good: the next call may have another. */
async function generalise(
  problem: Problem,
  limits: Limits,
  start: readonly Built[],
  singles: readonly Rated[],
): Promise<Built[]> {
  let chosen = [...start];
  const least = (await problem.gain(start)) * (1 - LITERAL);
  for (const built of start.filter(({ candidate }) => candidate.literal)) {
    let best: { readonly choice: Built[]; readonly gain: number } | undefined;
    const rest = chosen.filter((other) => other !== built);
    const room = limits.blocks - rest.reduce((sum, { blocks }) => sum + blocks, 0);
    for (const { built: other } of singles) {
      const { table, literal } = other.candidate;
      if (table !== built.candidate.table || literal || other.blocks > room || rest.includes(other)) continue;
      const choice = [...rest, other];
      const gain = await problem.gain(choice);
      if (gain >= least && gain > (best?.gain ?? 0)) best = { choice, gain };
    }
    if (best !== undefined) chosen = best.choice;
  }
  return chosen;
}
