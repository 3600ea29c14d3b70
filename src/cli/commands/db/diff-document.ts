import type { DiffReport } from './diff-report.ts';

/** The `--json` document of `db diff`: schemas/db-diff.schema.json. */
export function diffDocument({ diff, status, refused, files, folder }: DiffReport): object {
  const { proof, plan, rollback } = diff;
  return {
    version: 1,
    status,
    engine: diff.engine,
    from: diff.from,
    to: diff.to,
    plan,
    rollback,
    proof: {
      proved: proof.proved,
      steps: proof.steps.map(({ name, failed, differences, lost }) => ({
        name,
        lost,
        ...(failed === undefined ? {} : { failed: { sql: failed.statement.sql, message: failed.message } }),
        differences: differences.map((difference) => ({
          id: difference.id,
          action: difference.action,
          ...(difference.action === 'set' ? { changes: difference.changes } : {}),
        })),
      })),
    },
    refused,
    kept: diff.kept,
    ...(files === undefined
      ? {}
      : {
          files: {
            migration: files.migration.path,
            rollback: files.rollback.path,
            written: folder !== undefined,
          },
        }),
    diagnostics: diff.notes,
  };
}
