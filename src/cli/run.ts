import { UserError } from '../core/errors.ts';
import type { CommandSpec, CommonFlags, Outcome } from './command.ts';
import { EXIT_CODES, EXIT_OF_FAILURE, type ExitName } from './exit-codes.ts';
import type { Host } from './host.ts';
import { findCommand, parseLine } from './parse.ts';
import { visible, visibleJson } from './render/visible.ts';

/** Runs one command line and says how it ended. Never throws for an expected failure. */
export async function runProgram(host: Host, commands: readonly CommandSpec[]): Promise<number> {
  const wantsJson = host.argv.includes('--json');
  try {
    const exit = await dispatch(host, commands);
    return EXIT_CODES[exit].code;
  } catch (error) {
    return EXIT_CODES[await reportFailure(host, error, wantsJson)].code;
  }
}

async function dispatch(host: Host, commands: readonly CommandSpec[]): Promise<ExitName> {
  const [first] = host.argv;
  if (first === undefined || first === '--help' || first === '-h' || host.argv.join(' ') === 'help') {
    const { renderProgramHelp } = await import('./render/help.ts');
    host.stdout.write(`${renderProgramHelp(commands)}\n`);
    return first === undefined ? 'usage' : 'ok';
  }
  if (first === '--version') {
    const { packageVersion } = await import('./version.ts');
    host.stdout.write(`${await packageVersion()}\n`);
    return 'ok';
  }
  const argv = first === 'help' ? [...host.argv.slice(1), '--help'] : host.argv;
  const { command, rest } = findCommand(commands, argv);
  const line = parseLine(command, rest, host.env);
  if (line.common.help) {
    const { renderCommandHelp } = await import('./render/help.ts');
    host.stdout.write(`${renderCommandHelp(command)}\n`);
    return 'ok';
  }
  const common: CommonFlags = { ...line.common, color: !line.common['no-color'] };
  const { run } = await command.load();
  const outcome = await run({ host, positionals: line.positionals, flags: line.flags, common });
  printOutcome(host, outcome, common);
  return host.signal.aborted ? 'interrupted' : outcome.exit;
}

function printOutcome(host: Host, outcome: Outcome, { json, quiet }: CommonFlags): void {
  if (json) host.stdout.write(`${visibleJson(outcome.document)}\n`);
  else if (!quiet && outcome.text !== '') host.stdout.write(`${outcome.text}\n`);
}

async function reportFailure(host: Host, error: unknown, wantsJson: boolean): Promise<ExitName> {
  const [{ renderUserError, userErrorDiagnostic }, { styleFor }] = await Promise.all([
    import('./render/diagnostics.ts'),
    import('./render/style.ts'),
  ]);
  const style = styleFor(host, 'stderr', !host.argv.includes('--no-color'));
  if (host.signal.aborted) {
    host.stderr.write('Interrupted.\n');
    return 'interrupted';
  }
  if (!(error instanceof UserError)) {
    host.stderr.write(`${style('red', 'This is a bug in senior-backend, please report it.')}\n`);
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.stderr.write(`${visible(shown)}\n`);
    return 'failed';
  }
  const exit = EXIT_OF_FAILURE[error.kind];
  if (wantsJson) {
    const failure = userErrorDiagnostic(error);
    const document = { version: 1, status: exit, error: failure, diagnostics: error.diagnostics };
    host.stdout.write(`${visibleJson(document)}\n`);
  } else {
    host.stderr.write(`${renderUserError(error, style)}\n`);
  }
  return exit;
}
