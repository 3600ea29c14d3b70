import type { AdviceReport } from '../../render/advice.ts';

/** The `--json` document of `db suggest-indexes`: schemas/db-suggest-indexes.schema.json. */
export function suggestDocument({ advice, files, folder }: AdviceReport): object {
  const { source, workload, isDeclared, isMeasured, suggestions, drops, diff, notes } = advice;
  return {
    version: 1,
    source,
    workload: { source: workload, declaredOnly: isDeclared, statements: advice.advice.statements.length },
    measured: isMeasured,
    candidates: advice.advice.candidates,
    indexes: suggestions,
    statements: advice.advice.statements.map(({ sql, calls, totalMs, before, after, uses }) => ({
      sql,
      calls,
      ...(totalMs === undefined ? {} : { totalMs }),
      costBefore: before,
      costAfter: after,
      uses: uses.map((at) => suggestions[at]?.name ?? ''),
    })),
    drops,
    proved: diff?.proof.proved ?? true,
    ...(files === undefined
      ? {}
      : {
          files: {
            migration: files.migration.path,
            rollback: files.rollback.path,
            written: folder !== undefined,
          },
        }),
    diagnostics: [...notes, ...(diff?.notes ?? [])],
  };
}
