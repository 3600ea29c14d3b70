import type { LintedStatement } from '../../../database/index.ts';
import type { LintVerdict } from './lint-report.ts';

/** The `--json` document of `db diff --lint`: schemas/db-lint.schema.json. */
export function lintDocument({ report, allowed, refused, passed }: LintVerdict): object {
  return {
    version: 1,
    status: passed ? 'passed' : 'refused',
    engine: report.engine,
    sized: report.sized,
    files: report.files.map(({ path, statements }) => ({
      path,
      statements: statements.map(statementDocument),
    })),
    allowed,
    refused,
    diagnostics: report.notes,
  };
}

function statementDocument(statement: LintedStatement): object {
  const { text, node, location, transactional, effects, findings, failure, unmeasured } = statement;
  return {
    line: location.line,
    sql: text,
    node,
    transactional,
    ...(effects === undefined ? {} : { effects }),
    findings: findings.map(({ hazard, grade, about, tables, preflight, safeWay, size }) => ({
      hazard,
      grade,
      about,
      tables,
      safeWay,
      ...(preflight === undefined ? {} : { preflight }),
      ...(size === undefined ? {} : { size }),
    })),
    ...(failure === undefined ? {} : { failure }),
    ...(unmeasured === undefined ? {} : { unmeasured }),
  };
}
