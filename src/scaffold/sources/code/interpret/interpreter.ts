import type { Diagnostic } from '../../../../core/diagnostic.ts';
import type { Project } from '../project.ts';
import { locationOf, type Origin } from '../source-file.ts';
import type {
  Branch,
  CallSite,
  CallValue,
  FunctionValue,
  ListValue,
  TypeReference,
  Value,
} from '../value.ts';

/** What a package's functions give, for those packages that we know. */
export type PackageModel = (call: CallValue, site: CallSite) => Value | undefined;

/** Who is told what happens while a handler is followed. */
export interface Watcher {
  /** Where the answer stands: saved before one of several ways is followed, and joined behind them. */
  save(): unknown;
  restore(state: unknown): void;
  join(states: readonly unknown[]): void;
  thrown(value: Value, origin: Origin): void;
  /** Does what stands in a try block, and gives what was thrown there. */
  tried(work: () => void): Value[];
  entered(callee: FunctionValue): void;
  /** A call of what is not in the sources; a value that is given back stands for what it gives. */
  called(call: CallValue): Value | undefined;
  /** A value is said to have a type. */
  typed(value: Value, type: TypeReference): void;
}

/** One of several ways, and the one that it is part of. */
interface Way {
  readonly outer: Way | undefined;
}

/** How much may be followed at a time: nodes of syntax trees. Honest files take some thousands. */
const MAX_STEPS = 400_000;
/** For all of a folder's files, and for all of its routes. */
const MAX_FILE_STEPS = 10_000_000;
const MAX_ROUTE_STEPS = 20_000_000;
/** A route is followed as far as this however many there are. */
const MIN_STEPS = 30_000;
/** Of a function that is told nothing of a request, within a route: services, and what stands behind them. */
const MAX_STEPS_AWAY = 3_000;
const MAX_CALLS_AWAY = 5;
/** Of a call while routers are made that has to do with none of them: what counts, and how much of it there may be. */
const MIN_STEPS_IDLE = 3_000;
const MAX_STEPS_IDLE = 10_000;
/** How many calls deep what is handed to a package is followed while routers are made. */
const MAX_CALLS_BACK = 8;
const MAX_NESTING = 600;
const MAX_CALLS = 40;
/** How deep a function that registers routes may call itself: folders are walked so. */
const MAX_LEVELS = 5;

/** What a function is told: nothing at all, what leads to requests or calls back, or something else. */
export type Told = 'nothing' | 'near' | 'something';

/** Follows what sources say, without running them: in bounded steps, both ways where only the run decides. */
export class Interpreter {
  readonly project: Project;
  readonly packages: ReadonlyMap<string, PackageModel>;
  readonly diagnostics: Diagnostic[] = [];
  /** Functions that are being followed, outermost first. */
  readonly calls: FunctionValue['node'][] = [];
  /** Every function that was ever followed. */
  readonly followed = new Set<FunctionValue['node']>();
  /** The names that values were declared under. */
  readonly names = new WeakMap<Value, string>();
  /** The types that functions are declared to have. */
  readonly annotations = new WeakMap<FunctionValue['node'], TypeReference>();
  /** The types that values are said to have where they are declared. */
  readonly said = new WeakMap<Value, TypeReference>();
  /** What the function that was left last returned, and where the answer stood then. */
  returned: readonly { readonly value: Value; readonly state: unknown }[] = [];
  watcher: Watcher | undefined;
  /** How many undecided branches we are in. */
  uncertain = 0;
  /** Those of conditions, while routers are made: what is registered there may not be. */
  branches: readonly Branch[] = [];
  /** The innermost of them. */
  #way: Way | undefined;
  /** In which of them values were made while a handler is followed. */
  readonly #madeIn = new WeakMap<Value, Way>();
  nesting = 0;
  #steps = 0;
  #total = 0;
  #most = MAX_STEPS;
  #mostOfAll = MAX_FILE_STEPS;
  #cut = false;
  /** How many calls of functions that are told nothing of the request we are in, and what such functions took. */
  #away = 0;
  #taken = new Map<FunctionValue['node'], number>();
  /** How often something was done with a router. */
  touched = 0;
  /** How many functions that were handed to packages we are in, while routers are made. */
  calledBack = 0;
  readonly #made = new WeakMap<ListValue, number>();
  #oldestFilled = Number.POSITIVE_INFINITY;
  /** Functions that took long and did nothing with routers, with what they gave. */
  readonly #idle = new Map<FunctionValue['node'], { readonly given: Value; readonly steps: number }>();

  constructor(project: Project, packages: ReadonlyMap<string, PackageModel>) {
    this.project = project;
    this.packages = packages;
  }

  /** Counts a step; false when this is as far as we go. */
  step(): boolean {
    this.#steps += 1;
    this.#total += 1;
    if (this.#steps <= this.#most && this.#total <= this.#mostOfAll && this.nesting <= MAX_NESTING)
      return true;
    this.#cut = true;
    return false;
  }

  /** The ways of a condition that only the run decides, each to be followed as a branch of its own. */
  alternatives<T>(options: readonly (() => T)[]): (() => T)[] {
    const condition = {};
    return options.map((option, way) => () => {
      if (this.watcher !== undefined) return option();
      const before = this.branches;
      this.branches = [...before, { condition, way }];
      const done = option();
      this.branches = before;
      return done;
    });
  }

  mayCall(node: FunctionValue['node']): boolean {
    const most = this.watcher === undefined ? MAX_LEVELS : 2;
    return this.calls.length < MAX_CALLS && this.calls.filter((call) => call === node).length < most;
  }

  /** From here on routes are followed, each with its share of what may be followed. */
  beginRoutes(count: number): void {
    this.#total = 0;
    this.#mostOfAll = MAX_ROUTE_STEPS;
    const share = Math.floor((2 * MAX_ROUTE_STEPS) / Math.max(1, count));
    this.#most = Math.min(MAX_STEPS, Math.max(MIN_STEPS, share));
  }

  /** Follows one of several ways, of which only the run takes one. */
  branched<T>(work: () => T): T {
    const outer = this.#way;
    this.#way = { outer };
    this.uncertain += 1;
    const done = work();
    this.uncertain -= 1;
    this.#way = outer;
    return done;
  }

  /** Remembers on which way a value was made: what is set on it there is set for sure. */
  madeHere<T extends Value>(value: T): T {
    if (this.watcher !== undefined && this.#way !== undefined) this.#madeIn.set(value, this.#way);
    return value;
  }

  /** Whether everybody who has a value has been here: we are in no branch that it was not made in. */
  isCertainFor(value: Value): boolean {
    if (this.watcher === undefined || this.#way === undefined) return true;
    for (let at = this.#madeIn.get(value); at !== undefined; at = at.outer) if (at === this.#way) return true;
    return false;
  }

  /** Remembers when a list was made. */
  made(list: ListValue): ListValue {
    if (this.watcher === undefined) this.#made.set(list, this.#total);
    return list;
  }

  /** Something was put into a list, which may be one of routes. */
  filled(list: ListValue): void {
    this.#oldestFilled = Math.min(this.#oldestFilled, this.#made.get(list) ?? 0);
  }

  /**
   * Follows a function while routers are made. One that took long, did nothing with any of them and put nothing into a
   * list that was there gives what it gave where it takes no arguments; with arguments it is followed a few times
   * more, then it is undefined. So is what stands far behind what a package may call.
   */
  registering(node: FunctionValue['node'], told: Told, work: () => Value): Value | undefined {
    const idle = this.#idle.get(node);
    if (idle !== undefined && told === 'nothing') return idle.given;
    if (idle !== undefined && idle.steps > MAX_STEPS_IDLE) return undefined;
    const isAway = this.calledBack > 0 && told !== 'near';
    if (isAway && this.#away >= MAX_CALLS_BACK) return undefined;
    const [before, total, touched, oldest] = [this.#steps, this.#total, this.touched, this.#oldestFilled];
    this.#oldestFilled = Number.POSITIVE_INFINITY;
    if (isAway) this.#away += 1;
    const given = work();
    if (isAway) this.#away -= 1;
    const steps = this.#steps - before;
    const isIdle = this.touched === touched && this.#oldestFilled > total && steps > MIN_STEPS_IDLE;
    this.#oldestFilled = Math.min(oldest, this.#oldestFilled);
    if (isIdle && this.watcher === undefined)
      this.#idle.set(node, { given, steps: steps + (idle?.steps ?? 0) });
    return given;
  }

  /**
   * Follows a function that is told nothing of the request, unless it is far from the handler or took long enough:
   * what it does is of interest for what it gives and throws. Undefined when it is not followed.
   */
  away<T>(node: FunctionValue['node'], work: () => T): T | undefined {
    const taken = this.#taken.get(node) ?? 0;
    if (this.#away >= MAX_CALLS_AWAY || taken > MAX_STEPS_AWAY) return undefined;
    const before = this.#steps;
    this.#away += 1;
    const done = work();
    this.#away -= 1;
    this.#taken.set(node, (this.#taken.get(node) ?? 0) + this.#steps - before);
    return done;
  }

  /** Does something with a budget of its own, and says so when it was not enough. */
  within<T>(origin: Origin, what: string, work: () => T): T {
    const [before, cutBefore] = [this.#steps, this.#cut];
    this.#steps = 0;
    this.#cut = false;
    this.#taken = new Map();
    const done = work();
    if (this.#cut) {
      this.report(
        'SCF072',
        'warning',
        `${what} is followed only in part: it is too large or nested too deep`,
        origin,
      );
    }
    [this.#steps, this.#cut] = [before, cutBefore];
    return done;
  }

  report(code: string, severity: Diagnostic['severity'], message: string, origin: Origin): void {
    this.diagnostics.push({ code, severity, message, location: locationOf(origin) });
  }
}
