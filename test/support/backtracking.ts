import type { AST } from '@eslint-community/regexpp';

/** The matcher took more steps than it may. */
export class TooManySteps extends Error {}

type Continue = (at: number) => boolean;

/**
 * A backtracking matcher as ECMA-262 describes it, without captures: slow, simple and counting. It tells
 * how much work a pattern is, on any machine alike. Backreferences are taken for nothing.
 */
export class Backtracking {
  readonly #pattern: AST.Pattern;
  readonly #most: number;
  readonly #sets = new Map<string, RegExp>();
  #steps = 0;
  #characters: readonly string[] = [];

  constructor(pattern: AST.Pattern, most: number) {
    this.#pattern = pattern;
    this.#most = most;
  }

  /** Errors: TooManySteps. */
  test(text: string): boolean {
    this.#steps = 0;
    this.#characters = [...text];
    for (let start = 0; start <= this.#characters.length; start += 1) {
      if (this.#either(this.#pattern.alternatives, start, () => true)) return true;
    }
    return false;
  }

  #either(list: readonly AST.Alternative[], at: number, next: Continue): boolean {
    return list.some(({ elements }) => this.#sequence(elements, 0, at, next));
  }

  #sequence(elements: readonly AST.Element[], index: number, at: number, next: Continue): boolean {
    const element = elements[index];
    if (element === undefined) return next(at);
    return this.#element(element, at, (after) => this.#sequence(elements, index + 1, after, next));
  }

  #element(node: AST.Element, at: number, next: Continue): boolean {
    this.#steps += 1;
    if (this.#steps > this.#most) throw new TooManySteps();
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.#either(node.alternatives, at, next);
      case 'Quantifier':
        return this.#repeat(node, 0, at, next);
      case 'Assertion':
        return this.#holds(node, at) && next(at);
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        return this.#reads(node.raw, at) && next(at + 1);
      default:
        return next(at);
    }
  }

  #repeat(node: AST.Quantifier, done: number, at: number, next: Continue): boolean {
    const again = (): boolean =>
      done < node.max &&
      this.#element(node.element, at, (after) =>
        after === at && done >= node.min ? false : this.#repeat(node, done + 1, after, next),
      );
    if (done < node.min) return again();
    return node.greedy ? again() || next(at) : next(at) || again();
  }

  #reads(raw: string, at: number): boolean {
    const character = this.#characters[at];
    const set = this.#sets.get(raw) ?? new RegExp(`^${raw}$`, 'u');
    this.#sets.set(raw, set);
    return character !== undefined && set.test(character);
  }

  #holds(node: AST.Assertion, at: number): boolean {
    if (node.kind === 'start') return at === 0;
    if (node.kind === 'end') return at === this.#characters.length;
    if (node.kind === 'word') {
      const [before, after] = [at - 1, at].map((place) => /^\w$/.test(this.#characters[place] ?? ''));
      return (before !== after) !== node.negate;
    }
    if (node.kind === 'lookahead') return this.#either(node.alternatives, at, () => true) !== node.negate;
    if (node.kind !== 'lookbehind') return false;
    const starts = Array.from({ length: Math.min(at, 8) + 1 }, (_, back) => at - back);
    const found = starts.some((start) => this.#either(node.alternatives, start, (end) => end === at));
    return found !== node.negate;
  }
}
