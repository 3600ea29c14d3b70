import { COMMON_FLAGS, type CommandSpec, type Flag, type FlagTable } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { positionalUsage } from '../parse.ts';
import { columns } from './columns.ts';

const TITLE =
  'senior-backend: from an API contract to a validated server, a safe schema change and a truthful load test';

/** `senior-backend --help`. */
export function renderProgramHelp(commands: readonly CommandSpec[]): string {
  const examples = commands.flatMap((command) => command.examples.slice(0, 1));
  return [
    TITLE,
    '',
    'Examples:',
    ...columns(examples.map(({ line, what }) => [`  ${line}`, what])),
    '',
    'Commands:',
    ...columns(commands.map((command) => [`  ${commandUsage(command)}`, command.summary])),
    '',
    'Everywhere:',
    ...flagLines(COMMON_FLAGS),
    '',
    ...exitLines(),
    '',
    'senior-backend COMMAND --help tells more.',
  ].join('\n');
}

/** `senior-backend COMMAND --help`. */
export function renderCommandHelp(command: CommandSpec): string {
  const groups = new Map<string, FlagTable>();
  for (const [name, flag] of Object.entries(command.flags)) {
    const group = flag.group ?? 'Flags';
    groups.set(group, { ...groups.get(group), [name]: flag });
  }
  return [
    command.summary,
    ...(command.about === undefined ? [] : ['', command.about]),
    '',
    'Examples:',
    ...columns(command.examples.map(({ line, what }) => [`  ${line}`, what])),
    '',
    `Usage: senior-backend ${commandUsage(command)} [flags]`,
    ...columns(command.positionals.map(({ name, description }) => [`  ${name}`, description])),
    ...[...groups].flatMap(([group, flags]) => ['', `${group}:`, ...flagLines(flags)]),
    '',
    'Everywhere:',
    ...flagLines(COMMON_FLAGS),
    '',
    ...exitLines(),
  ].join('\n');
}

function commandUsage({ path, positionals }: CommandSpec): string {
  return [...path, ...positionals.map(positionalUsage)].join(' ');
}

function flagLines(flags: FlagTable): string[] {
  return columns(
    Object.entries(flags).map(([name, flag]) => {
      const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
      return [`  ${short}--${name}${valueHint(flag)}`, flag.description + defaultHint(flag)];
    }),
  );
}

function valueHint(flag: Flag): string {
  if (flag.type === 'switch') return '';
  return flag.type === 'choice' ? ` ${flag.choices.join('|')}` : ` ${flag.value}`;
}

function defaultHint(flag: Flag): string {
  const fallback = 'default' in flag && flag.default !== undefined ? ` (default ${flag.default})` : '';
  return 'env' in flag && flag.env !== undefined ? `${fallback} [${flag.env}]` : fallback;
}

function exitLines(): string[] {
  return [
    'Exit codes:',
    ...columns(Object.values(EXIT_CODES).map(({ code, meaning }) => [`  ${code}`, meaning])),
  ];
}
