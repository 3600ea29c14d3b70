import type { Diagnostic } from '../../../../core/diagnostic.ts';
import type { Project } from '../project.ts';
import { locationOf, type Origin } from '../source-file.ts';
import type { CallSite, CallValue, FunctionValue, TypeReference, Value } from '../value.ts';

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

/** How much may be followed at a time: nodes of syntax trees. Honest files take some thousands. */
const MAX_STEPS = 400_000;
/** For all of a folder. */
const MAX_TOTAL_STEPS = 10_000_000;
const MAX_NESTING = 600;
const MAX_CALLS = 40;
/** How deep a function that registers routes may call itself: folders are walked so. */
const MAX_LEVELS = 5;

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
  nesting = 0;
  #steps = 0;
  #total = 0;
  #cut = false;

  constructor(project: Project, packages: ReadonlyMap<string, PackageModel>) {
    this.project = project;
    this.packages = packages;
  }

  /** Counts a step; false when this is as far as we go. */
  step(): boolean {
    this.#steps += 1;
    this.#total += 1;
    if (this.#steps <= MAX_STEPS && this.#total <= MAX_TOTAL_STEPS && this.nesting <= MAX_NESTING)
      return true;
    this.#cut = true;
    return false;
  }

  mayCall(node: FunctionValue['node']): boolean {
    const most = this.watcher === undefined ? MAX_LEVELS : 2;
    return this.calls.length < MAX_CALLS && this.calls.filter((call) => call === node).length < most;
  }

  /** Does something with a budget of its own, and says so when it was not enough. */
  within<T>(origin: Origin, what: string, work: () => T): T {
    const [before, cutBefore] = [this.#steps, this.#cut];
    this.#steps = 0;
    this.#cut = false;
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
