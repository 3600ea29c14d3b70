import type { Check } from '../../load/index.ts';
import { escapeHtml } from './html/page.ts';

/** The checks as a JUnit report, which build servers read. */
export function junitReport(name: string, checks: readonly Check[]): string {
  const failures = checks.filter(({ met }) => !met).length;
  const cases = checks.map(({ text, met, actual }) => {
    const open = `    <testcase classname="load" name="${escapeHtml(text)}"`;
    return met ? `${open}/>` : `${open}>\n      <failure message="${escapeHtml(actual)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escapeHtml(name)}" tests="${checks.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** The checks that were not met, as GitHub's workflow commands: they show beside the change. */
export function githubAnnotations(name: string, checks: readonly Check[]): string[] {
  return checks.flatMap(({ text, met, actual }) =>
    met ? [] : [`::error title=${commandValue(name)}::${commandData(`${text} was not met: ${actual}`)}`],
  );
}

const commandData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const commandValue = (text: string): string =>
  commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
