import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { RE2JS } from 're2js';
import { automatonOf } from './automaton.ts';
import { type Effort, isBounded, isSmall } from './cost.ts';
import { linearSource } from './linear.ts';

/** How a pattern of a document is matched in generated code. */
export type PatternChoice =
  /** By the engine of JavaScript: no text makes it slow. */
  | { readonly engine: 'native'; readonly source: string; readonly flags: 'u' | '' }
  /** By re2js, in one pass over the text: JavaScript's engine could try for ever. */
  | { readonly engine: 'linear'; readonly source: string }
  /** Not at all. */
  | { readonly engine: 'none'; readonly reason: 'invalid' | 'unsafe' };

/** Patterns longer than this are not looked at: nobody can say what they do. */
const MAX_LENGTH = 20_000;

/** Steps of work for one pattern, and for all of a document's together: below a second. */
const EFFORT_OF_ONE = 2_000_000;
const EFFORT_OF_ALL = 30_000_000;

/** Chooses for each pattern of a document, each once. */
export class PatternChooser {
  readonly #known = new Map<string, PatternChoice>();
  #left: number;

  constructor({ ofAll = EFFORT_OF_ALL }: { readonly ofAll?: number } = {}) {
    this.#left = ofAll;
  }

  /** How many patterns need the linear engine. */
  get linear(): number {
    return [...this.#known.values()].filter(({ engine }) => engine === 'linear').length;
  }

  choose(pattern: string): PatternChoice {
    const known = this.#known.get(pattern);
    if (known !== undefined) return known;
    const effort: Effort = { left: Math.min(EFFORT_OF_ONE, this.#left) };
    const before = effort.left;
    // With nothing left, no pattern could be shown to be safe, and looking at each would still take its time.
    const choice: PatternChoice =
      effort.left === 0 ? { engine: 'none', reason: 'unsafe' } : choosePattern(pattern, effort);
    this.#left = Math.max(0, this.#left - (before - effort.left));
    this.#known.set(pattern, choice);
    return choice;
  }
}

/** The cheapest engine that is safe for a pattern. The same pattern has the same answer everywhere. */
function choosePattern(pattern: string, effort: Effort): PatternChoice {
  const flags = pattern.length > MAX_LENGTH ? undefined : flagsOf(pattern);
  const parsed = flags === undefined ? undefined : parse(pattern, flags);
  if (flags === undefined || parsed === undefined) return { engine: 'none', reason: 'invalid' };
  const automaton = automatonOf(parsed, 'rough');
  if (automaton === undefined) return { engine: 'none', reason: 'unsafe' };
  if (isBounded(automaton, effort)) return { engine: 'native', source: pattern, flags };
  const source = linearSource(parsed);
  const exact = source === undefined || !compiles(source) ? undefined : automatonOf(parsed, 'exact');
  return source !== undefined && exact !== undefined && isSmall(exact, effort)
    ? { engine: 'linear', source }
    : { engine: 'none', reason: 'unsafe' };
}

/** The linear engine has limits of its own, such as on repetitions of repetitions. */
function compiles(source: string): boolean {
  try {
    return RE2JS.compile(source) instanceof RE2JS;
  } catch {
    return false;
  }
}

/**
 * Escapes that mean a class or an anchor to other regular expressions (and with the `u` flag), but a
 * plain letter without the flag: `\p{Alnum}`, `\A`, `\z`. Enforced as written, they would refuse good values.
 */
const IS_FOREIGN = /(?<!\\)(?:\\\\)*\\(?:[pPu]\{|[AZz])/;

/** JSON Schema's patterns are ECMA-262 with the flag `u`; documents written without it in mind get none. */
function flagsOf(pattern: string): 'u' | '' | undefined {
  for (const flags of IS_FOREIGN.test(pattern) ? (['u'] as const) : (['u', ''] as const)) {
    try {
      return new RegExp(pattern, flags) instanceof RegExp ? flags : undefined;
    } catch {
      // The next flags, or none.
    }
  }
  return undefined;
}

/** The syntax of ES2024, on whatever engine: what a newer one adds would be refused by an older one. */
function parse(pattern: string, flags: 'u' | ''): AST.Pattern | undefined {
  try {
    return new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern, undefined, undefined, {
      unicode: flags === 'u',
    });
  } catch {
    return undefined;
  }
}
