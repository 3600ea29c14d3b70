import type { Diagnostic, Location } from '../../core/diagnostic.ts';
import type { UserError } from '../../core/errors.ts';
import type { Paint, Style } from './style.ts';
import { visible, visibleLine } from './visible.ts';

const PAINT_OF: Readonly<Record<Diagnostic['severity'], Paint>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** `file:line:column #pointer`, with what is known; undefined when nothing is. */
export function renderLocation(location: Location | undefined): string | undefined {
  if (location === undefined) return undefined;
  const { file, line, column, pointer, statement } = location;
  const position = [line, column].filter((part) => part !== undefined).join(':');
  const place = [file, position].filter((part) => part !== undefined && part !== '').join(':');
  const written = [place, pointer === undefined ? '' : `#${pointer}`].map(visibleLine);
  const parts = [...written, visible(statement ?? '')].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** A finding in two to four lines: what, where, and what to do. */
export function renderDiagnostic(diagnostic: Diagnostic, style: Style): string {
  const { severity, code, message, location, help } = diagnostic;
  const lines = [`${style(PAINT_OF[severity], `${severity}[${code}]`)} ${inset(message)}`];
  const place = renderLocation(location);
  if (place !== undefined) lines.push(`  at ${place}`);
  if (help !== undefined) lines.push(`  help: ${inset(help)}`);
  return lines.join('\n');
}

/** A line break in a message cannot begin another finding. */
const inset = (text: string): string => visible(text).replaceAll('\n', '\n  ');

/** An expected failure and the findings that belong to it. */
export function renderUserError(error: UserError, style: Style): string {
  const own = renderDiagnostic(userErrorDiagnostic(error), style);
  return [...error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, style)), own].join('\n');
}

/** The same failure as a value, for `--json`. */
export function userErrorDiagnostic({ code, message, location, help }: UserError): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(location === undefined ? {} : { location }),
    ...(help === undefined ? {} : { help }),
  };
}
