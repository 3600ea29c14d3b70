import type { AST } from '@eslint-community/regexpp';
import { type CodePoints, codePointsOf } from './code-points.ts';

/** What a backtracking matcher does at one place of a pattern. */
export type Step =
  | { readonly kind: 'consume'; readonly set: number; readonly next: number }
  | { readonly kind: 'choose'; readonly next: readonly number[] }
  | { readonly kind: 'start'; readonly next: number }
  /** `$`: nothing can be read after it. */
  | { readonly kind: 'end'; readonly next: number }
  /** A boundary or a look at a few characters behind: it may hold or not, and the cost is that of both. */
  | { readonly kind: 'look'; readonly next: number }
  | { readonly kind: 'accept' }
  /** The end of a lookahead: what follows is matched from where it stood. */
  | { readonly kind: 'done' };

export interface Automaton {
  readonly steps: readonly Step[];
  readonly start: number;
  readonly sets: readonly CodePoints[];
  /** Whether it has assertions of which only the text around decides: its end may then be reached without a match. */
  readonly asserts: boolean;
}

/** A pattern too large to be looked at, or with parts that no automaton has. */
class Inexpressible extends Error {}

/** Larger patterns are not looked at. */
const MAX_STEPS = 4_000;

/** A lookbehind that reads more costs more than a step. */
const MAX_BEHIND = 8;

/**
 * Whether counted repetitions are written out however long they are, or from here on taken for
 * repetitions without end, which cost a backtracking matcher at least as much.
 */
const MAX_REPEATED = { exact: MAX_STEPS, rough: 300 } as const;

/**
 * The pattern as steps. Lookaheads are followed beside the rest (`done` ends them), so that their cost
 * counts; undefined for long lookbehinds and patterns that are too large.
 */
export function automatonOf(
  pattern: AST.Pattern,
  repetitions: keyof typeof MAX_REPEATED,
): Automaton | undefined {
  const builder = new Builder(MAX_REPEATED[repetitions]);
  try {
    const accept = builder.add({ kind: 'accept' });
    const start = builder.alternatives(pattern.alternatives, accept);
    return { steps: builder.steps, start, sets: builder.sets, asserts: builder.asserts };
  } catch (error) {
    if (error instanceof Inexpressible || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Builds from the end: each part is given the step that follows it. */
class Builder {
  readonly steps: Step[] = [];
  readonly sets: CodePoints[] = [];
  asserts = false;
  readonly #setOf = new Map<string, number>();
  readonly #mostRepeated: number;

  constructor(mostRepeated: number) {
    this.#mostRepeated = mostRepeated;
  }

  add(step: Step): number {
    if (this.steps.length >= MAX_STEPS) throw new Inexpressible();
    return this.steps.push(step) - 1;
  }

  alternatives(list: readonly AST.Alternative[], next: number): number {
    const starts = list.map(({ elements }) =>
      elements.reduceRight((following, element) => this.element(element, following), next),
    );
    const [only] = starts;
    return starts.length === 1 && only !== undefined ? only : this.add({ kind: 'choose', next: starts });
  }

  element(node: AST.Element, next: number): number {
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        if (node.type === 'Group' && node.modifiers) throw new Inexpressible();
        return this.alternatives(node.alternatives, next);
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        return this.add({ kind: 'consume', set: this.#set(node), next });
      case 'Quantifier':
        return this.#quantifier(node, next);
      case 'Assertion':
        return this.#assertion(node, next);
      case 'Backreference':
        return this.#backreference(node, next);
      default:
        throw new Inexpressible();
    }
  }

  #set(node: Parameters<typeof codePointsOf>[0]): number {
    const known = this.#setOf.get(node.raw);
    if (known !== undefined) return known;
    const set = codePointsOf(node);
    if (set === undefined) throw new Inexpressible();
    const index = this.sets.push(set) - 1;
    this.#setOf.set(node.raw, index);
    return index;
  }

  #assertion(node: AST.Assertion, next: number): number {
    this.asserts ||= node.kind !== 'start' && node.kind !== 'end';
    if (node.kind === 'start' || node.kind === 'end') return this.add({ kind: node.kind, next });
    if (node.kind === 'lookbehind' && !(widthOf(node.alternatives) <= MAX_BEHIND)) throw new Inexpressible();
    if (node.kind !== 'lookahead') return this.add({ kind: 'look', next });
    const inner = this.alternatives(node.alternatives, this.add({ kind: 'done' }));
    return this.add({ kind: 'choose', next: [inner, next] });
  }

  /** It reads one text that its group can read, or nothing: that costs at most what the group does. */
  #backreference({ resolved, start, end }: AST.Backreference, next: number): number {
    this.asserts = true;
    const groups = Array.isArray(resolved) ? resolved : [resolved];
    if (groups.some((group) => group.start <= start && end <= group.end)) throw new Inexpressible();
    const starts = groups.map((group) => this.alternatives(group.alternatives, next));
    return this.add({ kind: 'choose', next: [...starts, next] });
  }

  #quantifier({ element, min, max }: AST.Quantifier, next: number): number {
    const before = this.steps.length;
    const first = this.element(element, next);
    const size = Math.max(1, this.steps.length - before);
    const times = Number.isFinite(max) ? max : min + 1;
    if (times * size > this.#mostRepeated) return this.#loop(element, next, min > 0);
    if (!Number.isFinite(max)) return this.#times(element, min, this.#loop(element, next, false));
    if (max === 0) return next;
    let following = next;
    for (let at = max; at > min; at -= 1) {
      const body = at === max ? first : this.element(element, following);
      following = this.add({ kind: 'choose', next: [body, next] });
    }
    return this.#times(element, min, following);
  }

  #times(element: AST.Element, count: number, next: number): number {
    let following = next;
    for (let at = 0; at < count; at += 1) following = this.element(element, following);
    return following;
  }

  #loop(element: AST.Element, next: number, atLeastOnce: boolean): number {
    const after: number[] = [next];
    const again = this.add({ kind: 'choose', next: after });
    const body = this.element(element, again);
    after.unshift(body);
    return atLeastOnce ? body : again;
  }
}

/** The most characters that some of these read; infinite or not a number where there is no bound, or none is known. */
const widthOf = (list: readonly AST.Alternative[]): number =>
  Math.max(...list.map(({ elements }) => elements.reduce((sum, element) => sum + elementWidth(element), 0)));

function elementWidth(element: AST.Element): number {
  if (element.type === 'Quantifier') return element.max * elementWidth(element.element);
  if (element.type === 'Group' || element.type === 'CapturingGroup') return widthOf(element.alternatives);
  return element.type === 'Character' || element.type === 'CharacterSet' || element.type === 'CharacterClass'
    ? 1
    : Number.NaN;
}
