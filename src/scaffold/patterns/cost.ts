import type { Automaton, Step } from './automaton.ts';
import { memberships } from './code-points.ts';

/** At most so many ways of having read a text may be alive: at 50 kB, that is a few million small steps. */
const MAX_PATHS = 64;

/** A deterministic automaton of up to so many states stays in the memory that the linear engine allows itself. */
const MAX_SETS = 1_000;

/** States that are looked at before the answer is no. */
const MAX_STATES = 3_000;

/** Ways through a pattern that read nothing, from one place: each is tried each time the place is reached. */
const MAX_EMPTY_PATHS = 400;

/** What is left of the work that one document's patterns may cost us; counted, so that every machine decides alike. */
export interface Effort {
  left: number;
}

/** Where a place leads without reading anything: the consuming steps, each as often as there are ways to it. */
interface Reach {
  readonly consuming: readonly (readonly [step: number, ways: number])[];
  /** Whether the pattern can have matched. */
  readonly accepts: boolean;
}

/** Thrown when the answer is no, from however deep. */
class TooMuch extends Error {}

/**
 * Whether a backtracking matcher needs at most a fixed number of steps for each character, whatever the
 * text. Its work is the number of ways in which the pattern can have read each beginning of the text,
 * from every start: those ways are counted here for all texts at once, and the answer is yes only where
 * the counts stay below a bound. A pattern without `^` is tried from every character, but only until it matches.
 */
export const isBounded = (automaton: Automaton, effort: Effort): boolean =>
  [false, true].every((restarts) => {
    const limits: Limits = { restarts, most: MAX_STATES, paths: MAX_PATHS };
    // Summing up the most ways to each place is quick and often enough; else every state is looked at.
    return (
      answers(() => new Exploration(automaton, effort, limits).runRoughly()) ||
      answers(() => new Exploration(automaton, effort, limits).run())
    );
  });

/** Whether the deterministic automaton of the pattern is small, so that one pass over a text is all it takes. */
export const isSmall = (automaton: Automaton, effort: Effort): boolean =>
  answers(() =>
    new Exploration(automaton, effort, { restarts: true, most: MAX_SETS, paths: 'one of each' }).run(),
  );

interface Limits {
  /** Whether the pattern is tried anew at each character, until it matches. */
  readonly restarts: boolean;
  readonly most: number;
  readonly paths: number | 'one of each';
}

/** A set of places, each with the number of ways to it. */
type Paths = ReadonlyMap<number, number>;

function answers(question: () => void): boolean {
  try {
    question();
    return true;
  } catch (error) {
    if (error instanceof TooMuch) return false;
    throw error;
  }
}

class Exploration {
  readonly #steps: readonly Step[];
  readonly #effort: Effort;
  readonly #limits: Limits;
  /** Each kind of character there is, as the sets it is in. */
  readonly #characters: readonly ReadonlySet<number>[];
  readonly #reach = new Map<string, Reach>();
  readonly #seen = new Set<string>();
  readonly #pending: Paths[] = [];
  readonly #start: number;
  /** Whether the search is over where the end of the pattern is reached. */
  readonly #stops: boolean;

  constructor({ steps, start, sets, asserts }: Automaton, effort: Effort, limits: Limits) {
    this.#steps = steps;
    this.#start = start;
    this.#stops = limits.restarts && !asserts;
    this.#effort = effort;
    this.#limits = limits;
    this.#characters = memberships(sets);
  }

  run(): void {
    const first = this.#reachOf(this.#start, true);
    if (first.accepts && this.#stops) return;
    this.#add(new Map(first.consuming));
    for (let paths = this.#pending.pop(); paths !== undefined; paths = this.#pending.pop()) {
      for (const character of this.#characters) this.#read(paths, character);
    }
  }

  /**
   * The most ways that there can ever be to each place: at a character, as many as there are to all the
   * places before it together. Raised until nothing changes, or they are too many.
   */
  runRoughly(): void {
    const again = this.#limits.restarts ? this.#reachOf(this.#start, false).consuming : [];
    let most = new Map(this.#reachOf(this.#start, true).consuming);
    for (let changed = true; changed; ) {
      changed = false;
      const raised = new Map(most);
      for (const character of this.#characters) {
        for (const [step, ways] of this.#after(most, character, again)) {
          if (ways <= (raised.get(step) ?? 0)) continue;
          raised.set(step, ways);
          changed = true;
        }
      }
      most = raised;
      if ([...most.values()].reduce((sum, ways) => sum + ways, 0) > MAX_PATHS) throw new TooMuch();
    }
  }

  #after(before: Paths, character: ReadonlySet<number>, again: Reach['consuming']): Paths {
    const after = new Map<number, number>(again);
    for (const [at, ways] of before) {
      const step = this.#steps[at];
      this.#spend();
      if (step?.kind !== 'consume' || !character.has(step.set)) continue;
      for (const [next, more] of this.#reachOf(step.next, false).consuming) {
        this.#spend();
        after.set(next, (after.get(next) ?? 0) + ways * more);
      }
    }
    return after;
  }

  #read(paths: Paths, character: ReadonlySet<number>): void {
    const { restarts } = this.#limits;
    const after = new Map<number, number>();
    const reached: (readonly [Reach, number])[] = restarts ? [[this.#reachOf(this.#start, false), 1]] : [];
    for (const [at, ways] of paths) {
      const step = this.#steps[at];
      this.#spend();
      if (step?.kind === 'consume' && character.has(step.set)) {
        reached.push([this.#reachOf(step.next, false), ways]);
      }
    }
    for (const [{ accepts, consuming }, ways] of reached) {
      if (accepts && this.#stops) return;
      for (const [step, more] of consuming) {
        this.#spend();
        after.set(step, (after.get(step) ?? 0) + ways * more);
      }
    }
    this.#add(after);
  }

  #add(found: Paths): void {
    const { paths, most } = this.#limits;
    const saturated = paths === 'one of each';
    let all = 0;
    for (const ways of found.values()) all += ways;
    if (!saturated && all > paths) throw new TooMuch();
    const key = [...found]
      .sort(([left], [right]) => left - right)
      .map(([step, ways]) => (saturated ? step : `${step}x${ways}`))
      .join();
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= most) throw new TooMuch();
    this.#seen.add(key);
    this.#pending.push(saturated ? new Map([...found.keys()].map((step) => [step, 1])) : found);
  }

  #spend(): void {
    this.#effort.left -= 1;
    if (this.#effort.left < 0) throw new TooMuch();
  }

  #reachOf(from: number, atStart: boolean): Reach {
    const key = `${from} ${atStart}`;
    const known = this.#reach.get(key);
    if (known !== undefined) return known;
    const ways = new Map<number, number>();
    let accepts = false;
    let left = MAX_EMPTY_PATHS;
    const onPath = new Map<number, number>();
    const follow = (at: number, atEnd: boolean): void => {
      this.#spend();
      const step = this.#steps[at];
      // A loop that has read something may be gone round once more; if that reads nothing, it is over (ECMA-262, RepeatMatcher).
      const visits = onPath.get(at) ?? 0;
      if (step === undefined || step.kind === 'done' || visits > 1) return;
      left -= 1;
      if (left < 0) throw new TooMuch();
      if (step.kind === 'consume') {
        if (!atEnd) ways.set(at, (ways.get(at) ?? 0) + 1);
        return;
      }
      if (step.kind === 'accept') {
        accepts = accepts || !atEnd;
        return;
      }
      if (step.kind === 'start' && !atStart) return;
      onPath.set(at, visits + 1);
      for (const next of step.kind === 'choose' ? step.next : [step.next]) {
        follow(next, atEnd || step.kind === 'end');
      }
      onPath.set(at, visits);
    };
    follow(from, false);
    const reach = { consuming: [...ways], accepts };
    this.#reach.set(key, reach);
    return reach;
  }
}
