/** Words of a name: split at everything that is not a letter or digit, and where lower case meets upper case. */
export function words(name: string): string[] {
  return (
    name
      .normalize('NFC')
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

const capitalise = (word: string): string => {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('');
};

/** `list-users` to `ListUsers`; what is left may be empty or start with a digit. */
export function pascalCase(name: string): string {
  return words(name).map(capitalise).join('');
}

/** `List users` to `listUsers`; `HTTPServer` to `httpServer`. */
export function camelCase(name: string): string {
  const [first = '', ...rest] = words(name);
  const head = first === first.toUpperCase() ? first.toLowerCase() : lowerFirst(first);
  return head + rest.map(capitalise).join('');
}

const lowerFirst = (word: string): string => {
  const [first = '', ...rest] = word;
  return first.toLowerCase() + rest.join('');
};

/** `Order items` to `order-items`: safe as a file name on every system once reserved names are avoided. */
export function kebabCase(name: string): string {
  return words(name)
    .map((word) => word.toLowerCase())
    .join('-');
}

/**
 * What of a text can stand in an identifier, at most `longest` characters of it; `fallback` where that
 * is nothing. Only characters of the basic plane: compilers and engines disagree about newer ones.
 */
export function identifier(text: string, fallback: string, longest = 120): string {
  const name = (text.match(/[\p{ID_Continue}$]/gu) ?? [])
    .filter((character) => character.length === 1)
    .slice(0, longest)
    .join('');
  if (name === '') return fallback;
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}

/** The start of a file name that leaves room for an ending in the 255 bytes that file systems allow. */
export function shortFileName(name: string): string {
  let short = '';
  let size = 0;
  for (const character of name) {
    size += new TextEncoder().encode(character).length;
    if (size > MAX_FILE_BYTES) break;
    if (character.length === 1) short += character;
  }
  return short;
}

const MAX_FILE_BYTES = 160;

/** The plural of a count: `1 file`, `2 files`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/**
 * Gives each key one name that no other key has: the wanted name, or that name with the lowest free
 * number behind it. Two names that differ only in case are the same name when `foldCase` is set
 * (file names on case-insensitive systems), and so are two that Unicode calls compatible.
 */
export class NameRegistry {
  readonly #taken = new Set<string>();
  /** The number to try next: with many equal names, counting from the start each time would take for ever. */
  readonly #next = new Map<string, number>();
  readonly #foldCase: boolean;

  constructor(reserved: Iterable<string> = [], options: { readonly foldCase?: boolean } = {}) {
    this.#foldCase = options.foldCase ?? false;
    for (const name of reserved) this.#taken.add(this.#fold(name));
  }

  has(name: string): boolean {
    return this.#taken.has(this.#fold(name));
  }

  claim(wanted: string): string {
    let name = wanted;
    let suffix = this.#next.get(wanted) ?? 2;
    for (; this.#taken.has(this.#fold(name)); suffix += 1) name = `${wanted}${suffix}`;
    if (name !== wanted) this.#next.set(wanted, suffix);
    this.#taken.add(this.#fold(name));
    return name;
  }

  #fold(name: string): string {
    if (!this.#foldCase) return name;
    return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  }
}
