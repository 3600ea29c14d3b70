import { HEADER } from '../header.ts';
import { Imports } from '../imports.ts';
import { reindent } from '../layout.ts';
import type { ErrorBodies } from './plan.ts';

/** error-bodies.ts: the contract's error schemas, filled in from an error. */
export function printErrorBodies({ bodies }: ErrorBodies): string {
  const imports = new Imports();
  imports.type('ErrorFacts', RUNTIME);
  for (const list of ['detailsOf', 'partsOf']) {
    if (bodies.some(({ text }) => text.includes(`${list}(`))) imports.value(list, RUNTIME);
  }
  if (bodies.some(({ type }) => type.includes('t.'))) imports.whole('type * as t', './types.js');
  const functions = bodies.map(({ name, type, text }) => {
    const value = text.startsWith('{') ? `(${text})` : text;
    return `export const ${name} = (error: ErrorFacts): ${type} => ${value};\n`;
  });
  return `${HEADER}${imports.print()}\n\n${reindent(functions.join('\n'))}`;
}

const RUNTIME = './runtime/error-facts.js';
