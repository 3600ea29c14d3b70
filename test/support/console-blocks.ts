import type { Host } from '../../src/cli/host.ts';
import { runLine } from './run-line.ts';

/** Words of a line as a shell would split them: blanks, and quotes of both kinds. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );

/**
 * The page with the output of every `console` block as it really is: each line that begins with
 * `$ senior-backend` is run, in order, and what it prints stands below it. Where a line follows another at
 * once only the last one's output is shown. An exit other than 0 is told in the last line.
 */
export async function withRealOutput(
  page: string,
  overrides: Partial<Host>,
  tidy: (output: string) => string,
): Promise<string> {
  const parts = page.split(/^(```console\n[\s\S]*?^```)$/m);
  const shown: string[] = [];
  for (const part of parts) shown.push(part.startsWith('```console') ? await blockOf(part) : part);
  return shown.join('');

  async function blockOf(block: string): Promise<string> {
    const lines = block.split('\n').filter((line) => line.startsWith('$ '));
    let output = '';
    for (const line of lines) {
      const { exit, stdout, stderr } = await runLine(shellWords(line).slice(2), overrides);
      const printed = `${stdout}${stderr}`.trimEnd();
      output = tidy(exit === 0 ? printed : `${printed}\n[exit ${exit}]`);
    }
    return ['```console', ...lines, output, '```'].join('\n');
  }
}

/** The page with the rows of the table that has this heading line. */
export function withRows(page: string, heading: string, rows: readonly (readonly string[])[]): string {
  const at = page.indexOf(`${heading}\n| --- |`);
  if (at < 0) throw new Error(`no table ${heading}`);
  const start = page.indexOf('\n', at + heading.length + 1) + 1;
  const rest = page.slice(start).replace(/^(\|.*\n)*/, '');
  return `${page.slice(0, start)}${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}${rest}`;
}
