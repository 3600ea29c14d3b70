import type { ExitName } from './exit-codes.ts';
import type { Host } from './host.ts';

interface FlagBase {
  /** One letter, used as `-o`. */
  readonly short?: string;
  readonly description: string;
  /** Heading in the help text. */
  readonly group?: string;
}

/** `switch`: present or not. `text`, `number`: one value. `list`: may be given again. `choice`: one of `choices`. */
export type Flag =
  | (FlagBase & { readonly type: 'switch' })
  | (FlagBase & {
      readonly type: 'text';
      readonly value: string;
      readonly default?: string;
      /** The environment variable that stands in when the flag is absent. */
      readonly env?: string;
    })
  | (FlagBase & {
      readonly type: 'number';
      readonly value: string;
      readonly default?: number;
      readonly min?: number;
      readonly integer?: boolean;
    })
  | (FlagBase & { readonly type: 'list'; readonly value: string })
  | (FlagBase & { readonly type: 'choice'; readonly choices: readonly string[]; readonly default?: string });

export type FlagTable = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends { type: 'switch' }
  ? boolean
  : F extends { type: 'list' }
    ? readonly string[]
    : F extends { type: 'number'; default: number }
      ? number
      : F extends { type: 'number' }
        ? number | undefined
        : F extends { type: 'choice'; choices: readonly (infer C)[]; default: string }
          ? C
          : F extends { type: 'choice'; choices: readonly (infer C)[] }
            ? C | undefined
            : F extends { type: 'text'; default: string }
              ? string
              : string | undefined;

/** The parsed values of a flag table, keyed by flag name as written in the table (`no-verify-ssl`). */
export type FlagValues<Table extends FlagTable> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  /** Takes all remaining arguments. */
  readonly many?: boolean;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

/** A command as data: the parser, the help text and docs/cli.md are all made from it. */
export interface CommandSpec<Table extends FlagTable = FlagTable> {
  /** The words that call it: `['db', 'diff']`. */
  readonly path: readonly string[];
  readonly summary: string;
  /** A paragraph for the help text, when the summary does not say all. */
  readonly about?: string;
  readonly positionals: readonly Positional[];
  readonly flags: Table;
  readonly examples: readonly Example[];
  /** Imported only when the command runs, so that `--help` loads no parser, database or validator. */
  readonly load: () => Promise<{ readonly run: CommandRun<Table> }>;
}

/** Keeps the literal types of the flags, from which the values' types follow. */
export function defineCommand<const Table extends FlagTable>(spec: CommandSpec<Table>): CommandSpec<Table> {
  return spec;
}

/** A table of commands cannot keep each one's own flag types; `parseLine` gives each the values its own table asks for. */
export function erase<Table extends FlagTable>(spec: CommandSpec<Table>): CommandSpec {
  return spec as unknown as CommandSpec;
}

/** What every command is given. */
export interface Invocation<Table extends FlagTable = FlagTable> {
  readonly host: Host;
  readonly positionals: readonly string[];
  readonly flags: FlagValues<Table>;
  readonly common: CommonFlags;
}

export interface CommonFlags {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly yes: boolean;
  readonly color: boolean;
}

/** What a command hands back: one document for `--json`, one text for people, one exit. */
export interface Outcome {
  readonly exit: ExitName;
  /** The `--json` document; has a `version` and a JSON Schema in schemas/. */
  readonly document: object;
  /** The report for people, without a trailing newline. */
  readonly text: string;
}

export type CommandRun<Table extends FlagTable = FlagTable> = (
  invocation: Invocation<Table>,
) => Promise<Outcome>;

/** Flags that every command takes. */
export const COMMON_FLAGS = {
  json: { type: 'switch', description: 'Print one JSON document instead of text' },
  verbose: { type: 'switch', short: 'v', description: 'Say more' },
  quiet: { type: 'switch', short: 'q', description: 'Say nothing but errors' },
  'no-color': { type: 'switch', description: 'No colours (NO_COLOR does the same)' },
  yes: { type: 'switch', short: 'y', description: 'Take the default answer to every question' },
  help: { type: 'switch', short: 'h', description: 'Show this help' },
} as const satisfies FlagTable;
