// Patterns that JavaScript's own engine could try for ever: re2js matches them in one pass over the text.
import { RE2JS } from 're2js';

/** A regular expression that is matched in linear time, whatever the text. */
class LinearPattern extends RegExp {
  readonly #engine: RE2JS;

  constructor(pattern: string, flags: string, engine: RE2JS) {
    super(pattern, flags);
    this.#engine = engine;
  }

  override test(text: string): boolean {
    return this.#engine.test(text);
  }

  override exec(text: string): RegExpExecArray | null {
    return this.#engine.exec(text) as RegExpExecArray | null;
  }
}

/** The pattern as the contract has it, and the same in the syntax of RE2. */
export function linear(pattern: string, source: string): RegExp {
  const engine = RE2JS.compile(source);
  try {
    return new LinearPattern(pattern, 'u', engine);
  } catch {
    // Documents that were written without the flag in mind.
    return new LinearPattern(pattern, '', engine);
  }
}
