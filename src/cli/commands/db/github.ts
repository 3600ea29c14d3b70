import { HAZARDS, type LintedStatement } from '../../../database/index.ts';
import type { LintVerdict } from './lint-report.ts';

/** Workflow commands that put each finding beside its line in a pull request. */
export function annotations({ report, allowed }: LintVerdict): readonly string[] {
  return report.files.flatMap(({ statements }) =>
    statements.flatMap((statement) => [
      ...(statement.failure === undefined
        ? []
        : [command('error', statement, 'cannot work', statement.failure.message)]),
      ...statement.findings
        .filter(({ grade }) => grade !== 'noted')
        .map(({ hazard, grade, about, safeWay }) => {
          const level = grade === 'refused' && !allowed.includes(hazard) ? 'error' : 'warning';
          const text = `${about}: ${HAZARDS[hazard].meaning} Safe way: ${safeWay}`;
          return command(level, statement, hazard, text);
        }),
    ]),
  );
}

function command(level: string, { location }: LintedStatement, title: string, text: string): string {
  const place = `file=${property(location.file ?? '')},line=${location.line ?? 1},title=${property(title)}`;
  return `::${level} ${place}::${data(text)}`;
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
