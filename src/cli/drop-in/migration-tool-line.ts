/** What a line of the tool that came before asks for, in the order in which its flags won. */
const MODES: Readonly<Record<string, (line: Line) => string[]>> = {
  '--migrate': ({ value, rest }) => ['db', 'migrate', value, ...rest],
  '--compare': ({ value, rest }) => ['db', 'diff', ...rest, '--to', value],
  '--suggest-indexes': ({ rest }) => ['db', 'suggest-indexes', ...rest],
  '--analyze': ({ rest }) => ['db', 'analyze', ...rest],
};

interface Line {
  /** What stands behind the mode's own flag; empty where it takes nothing. */
  readonly value: string;
  readonly rest: readonly string[];
}

const TAKES_VALUE: ReadonlySet<string> = new Set(['--migrate', '--compare']);

/**
 * A line of the tool that came before, as a line of `db`. There the mode was a flag, of which the first of
 * the table above counted, and analysis was what happened without one.
 */
export function migrationToolLine(argv: readonly string[]): string[] {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [flag, inline] = splitOnce(word);
    if (!Object.hasOwn(MODES, flag)) rest.push(word);
    else if (!TAKES_VALUE.has(flag)) values.set(flag, '');
    else {
      values.set(flag, inline ?? argv[at + 1] ?? '');
      if (inline === undefined) at += 1;
    }
  }
  const mode = Object.keys(MODES).find((flag) => values.has(flag)) ?? '--analyze';
  return MODES[mode]?.({ value: values.get(mode) ?? '', rest }) ?? [];
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
