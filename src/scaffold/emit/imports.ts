import { compareText, sortByText } from '../../core/order.ts';
import { quoteString } from './quote.ts';

/** The import statements of a generated file: each module once, names sorted, nothing that is not used. */
export class Imports {
  readonly #taken: ReadonlySet<string>;
  readonly #values = new Map<string, Set<string>>();
  readonly #types = new Map<string, Set<string>>();
  readonly #whole = new Map<string, string>();

  /** `taken`: what the file declares itself; imports of the same name step aside. */
  constructor(taken: ReadonlySet<string> = new Set()) {
    this.#taken = taken;
  }

  /** `import { name } from 'module'`. Returns the name that the file knows it by. */
  value(name: string, module: string): string {
    const local = this.#localName(name);
    this.#values.set(module, (this.#values.get(module) ?? new Set()).add(clause(name, local)));
    return local;
  }

  /** `import type { name } from 'module'`. Returns the name that the file knows it by. */
  type(name: string, module: string): string {
    const local = this.#localName(name);
    this.#types.set(module, (this.#types.get(module) ?? new Set()).add(clause(name, local)));
    return local;
  }

  #localName(name: string): string {
    let local = name;
    while (this.#taken.has(local)) local = `${local}_`;
    return local;
  }

  /** A default or namespace import, as the clause says: `express`, `* as c`, `type * as t`. */
  whole(clause: string, module: string): void {
    this.#whole.set(`${clause} from ${module}`, `import ${clause} from ${quoteString(module)};`);
  }

  /** Packages first, then our own files. */
  print(): string {
    const lines = new Map([...this.#whole.values()].map((line) => [line, moduleOf(line)]));
    for (const module of new Set([...this.#values.keys(), ...this.#types.keys()])) {
      lines.set(this.#named(module), module);
    }
    const rank = (module: string): string => (module.startsWith('.') ? `1${module}` : `0${module}`);
    return sortByText([...lines], ([line, module]) => `${rank(module)} ${line}`)
      .map(([line]) => line)
      .join('\n');
  }

  #named(module: string): string {
    const values = [...(this.#values.get(module) ?? [])];
    const types = [...(this.#types.get(module) ?? [])].filter((name) => !values.includes(name));
    const from = `from ${quoteString(module)};`;
    if (values.length === 0) return `import type ${braces(types.sort(compareText))} ${from}`;
    const names = [...values, ...types.map((name) => `type ${name}`)];
    return `import ${braces(sortByText(names, (name) => name.replace('type ', '')))} ${from}`;
  }
}

const clause = (name: string, local: string): string => (name === local ? name : `${name} as ${local}`);

const moduleOf = (line: string): string => /'([^']*)';$/.exec(line)?.[1] ?? '';

function braces(names: readonly string[]): string {
  const line = `{ ${names.join(', ')} }`;
  return line.length <= 80 ? line : `{\n${names.map((name) => `  ${name},\n`).join('')}}`;
}
