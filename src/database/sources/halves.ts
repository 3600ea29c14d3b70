/** The two halves of a migration file as other tools write it, and what the marks say besides. */
export interface Halves {
  /** The way forward; the lines of the other half are empty, so that places stay what they are. */
  readonly up: string;
  /** The way back, if the file has one. */
  readonly down: string | undefined;
  /** Whether the file asks for a transaction per statement instead of one for all. */
  readonly noTransaction: boolean;
}

/** How one tool marks the halves. */
interface Dialect {
  readonly up: RegExp;
  readonly down: RegExp;
  readonly noTransaction?: RegExp;
}

/** dbmate, goose, sql-migrate and node-pg-migrate, by their documentation. */
const DIALECTS: readonly Dialect[] = [
  {
    up: /^\s*--\s*migrate:up\b/i,
    down: /^\s*--\s*migrate:down\b/i,
    noTransaction: /^\s*--\s*migrate:up\b.*\btransaction:\s*false/im,
  },
  {
    up: /^\s*--\s*\+goose\s+up\b/i,
    down: /^\s*--\s*\+goose\s+down\b/i,
    noTransaction: /^\s*--\s*\+goose\s+no\s+transaction\b/im,
  },
  {
    up: /^\s*--\s*\+migrate\s+up\b/i,
    down: /^\s*--\s*\+migrate\s+down\b/i,
    noTransaction: /^\s*--\s*\+migrate\s+up\b.*\bnotransaction\b/im,
  },
  { up: /^\s*--[\s-]*up\s+migration\b/i, down: /^\s*--[\s-]*down\s+migration\b/i },
];

/** Separates the halves of a file; one without marks is all forward. */
export function halvesOf(text: string): Halves {
  const lines = text.split('\n');
  const dialect = DIALECTS.find(({ up, down }) => lines.some((line) => up.test(line) || down.test(line)));
  if (dialect === undefined) return { up: text, down: undefined, noTransaction: false };
  let isBack = false;
  const back = lines.map((line) => {
    if (dialect.up.test(line)) isBack = false;
    if (dialect.down.test(line)) isBack = true;
    return isBack;
  });
  const half = (wanted: boolean): string =>
    lines.map((line, at) => (back[at] === wanted ? line : '')).join('\n');
  return {
    up: half(false),
    down: back.includes(true) ? half(true) : undefined,
    noTransaction: dialect.noTransaction?.test(text) === true,
  };
}
