import { UserError } from '../core/errors.ts';
import { COMMON_FLAGS, type CommandSpec, type Flag, type FlagTable, type FlagValues } from './command.ts';
import { nearest } from './nearest.ts';

/** Not imported: an import reads every export of the module, one of which loads a decoder for 5 ms. */
const { parseArgs } = process.getBuiltinModule('node:util');

export interface ParsedLine {
  readonly positionals: readonly string[];
  readonly flags: FlagValues<FlagTable>;
  readonly common: FlagValues<typeof COMMON_FLAGS>;
}

/** The command that the first words name, and the words behind them. The longest path wins. */
export function findCommand(
  commands: readonly CommandSpec[],
  argv: readonly string[],
): { readonly command: CommandSpec; readonly rest: readonly string[] } {
  const words = argv.filter((word) => !word.startsWith('-'));
  const candidates = commands.filter(({ path }) => path.every((word, at) => argv[at] === word));
  const command = candidates.sort((left, right) => right.path.length - left.path.length)[0];
  if (command !== undefined) return { command, rest: argv.slice(command.path.length) };
  const wanted = words.join(' ');
  const names = commands.map(({ path }) => path.join(' '));
  const suggestion = nearest(wanted, [...names, ...new Set(names.map((name) => name.split(' ')[0] ?? name))]);
  throw new UserError('CLI001', `there is no command ${JSON.stringify(wanted)}`, {
    kind: 'usage',
    help: suggestion === undefined ? 'See senior-backend --help.' : `Did you mean ${suggestion}?`,
  });
}

/** Parses what follows a command's words. Errors: CLI002 to CLI005, all usage errors. */
export function parseLine(
  command: CommandSpec,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedLine {
  const table: FlagTable = { ...command.flags, ...COMMON_FLAGS };
  const { values, positionals } = tokenise(command, table, argv);
  const parsed: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(table)) {
    parsed[name] = flagValue(name, flag, values[name], env);
  }
  if (parsed['help'] !== true) checkPositionals(command, positionals);
  // The table decides each value's type just above; TypeScript cannot follow that through the loop.
  const flags = parsed as FlagValues<FlagTable>;
  return { positionals, flags, common: parsed as FlagValues<typeof COMMON_FLAGS> };
}

type RawValue = string | boolean | readonly (string | boolean)[] | undefined;

function tokenise(
  command: CommandSpec,
  table: FlagTable,
  argv: readonly string[],
): { readonly values: Readonly<Record<string, RawValue>>; readonly positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, flag]) => [
      name,
      {
        type: flag.type === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(flag.short === undefined ? {} : { short: flag.short }),
        ...(flag.type === 'list' ? { multiple: true } : {}),
      },
    ]),
  );
  try {
    return parseArgs({
      args: [...joinNegatives(table, argv)],
      options,
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw asUsageError(command, table, error);
  }
}

/** `-t -5` and `-b -x` are values, not flags, when the flag before them wants one and the word names no flag. */
function* joinNegatives(table: FlagTable, argv: readonly string[]): Generator<string> {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const next = argv[at + 1];
    const flag = flagNamed(table, word);
    if (flag !== undefined && flag.type !== 'switch' && next !== undefined && /^-\d/.test(next)) {
      yield word.startsWith('--') ? `${word}=${next}` : `${word}${next}`;
      at += 1;
    } else {
      yield word;
    }
  }
}

function flagNamed(table: FlagTable, word: string): Flag | undefined {
  if (word.startsWith('--')) return table[word.slice(2)];
  if (!/^-[A-Za-z]$/.test(word)) return undefined;
  return Object.values(table).find((flag) => flag.short === word[1]);
}

function asUsageError(command: CommandSpec, table: FlagTable, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const unknownFlag = /Unknown option '(-[^']*)'/.exec(error.message)?.[1];
  if (unknownFlag !== undefined) {
    const names = Object.keys(table).map((name) => `--${name}`);
    const suggestion = nearest(unknownFlag, names);
    return new UserError('CLI002', `${command.path.join(' ')} has no flag ${unknownFlag}`, {
      kind: 'usage',
      help:
        suggestion === undefined
          ? `See senior-backend ${command.path.join(' ')} --help.`
          : `Did you mean ${suggestion}?`,
    });
  }
  const flag = /'(?:-\w, )?(--[\w-]+)/.exec(error.message)?.[1];
  const first = error.message.split('\n')[0] ?? error.message;
  return new UserError('CLI003', flag === undefined ? first : `${flag} does not take that: ${first}`, {
    kind: 'usage',
    help: `See senior-backend ${command.path.join(' ')} --help.`,
  });
}

function flagValue(
  name: string,
  flag: Flag,
  raw: RawValue,
  env: Readonly<Record<string, string | undefined>>,
): unknown {
  if (flag.type === 'switch') return raw === true;
  if (flag.type === 'list') return raw ?? [];
  if (flag.type === 'text') {
    return raw ?? (flag.env === undefined ? undefined : env[flag.env]) ?? flag.default;
  }
  if (raw === undefined) return flag.default;
  const text = String(raw);
  if (flag.type === 'choice') {
    if (flag.choices.includes(text)) return text;
    throw badValue(name, text, `one of ${flag.choices.join(', ')}`);
  }
  return numberValue(name, flag, text);
}

function numberValue(name: string, flag: Extract<Flag, { type: 'number' }>, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const wanted = `${flag.integer ? 'a whole number' : 'a number'}${flag.min === undefined ? '' : ` of at least ${flag.min}`}`;
  const wrong =
    !Number.isFinite(value) ||
    (flag.integer === true && !Number.isInteger(value)) ||
    (flag.min !== undefined && value < flag.min);
  if (wrong) throw badValue(name, text, wanted);
  return value;
}

function badValue(name: string, text: string, wanted: string): UserError {
  return new UserError('CLI004', `--${name} is ${JSON.stringify(text)}`, {
    kind: 'usage',
    help: `Give ${wanted}.`,
  });
}

function checkPositionals(command: CommandSpec, given: readonly string[]): void {
  const usage = `senior-backend ${[...command.path, ...command.positionals.map(positionalUsage)].join(' ')}`;
  const required = command.positionals.filter((positional) => !positional.optional);
  const missing = required[given.length];
  if (missing !== undefined) {
    throw new UserError('CLI005', `${missing.name} is missing: ${missing.description.toLowerCase()}`, {
      kind: 'usage',
      help: `Usage: ${usage}`,
    });
  }
  const takesMany = command.positionals.some((positional) => positional.many);
  const surplus = takesMany ? undefined : given[command.positionals.length];
  if (surplus !== undefined) {
    throw new UserError('CLI005', `${JSON.stringify(surplus)} is one argument too many`, {
      kind: 'usage',
      help: `Usage: ${usage}`,
    });
  }
}

/** `SPEC`, `[SPEC]` or `URL...` as usage lines write it. */
export function positionalUsage({ name, optional, many }: CommandSpec['positionals'][number]): string {
  const text = many ? `${name}...` : name;
  return optional ? `[${text}]` : text;
}
