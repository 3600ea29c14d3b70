import type { Analysis } from '../../../database/index.ts';

/** The `--json` document of `db analyze`: schemas/db-analyze.schema.json. */
export function analyzeDocument({ source, engine, isLive, catalog, findings, notes }: Analysis): object {
  const tables = catalog.facts.tables.filter(({ kind }) => ['r', 'p', 'm'].includes(kind));
  return {
    version: 1,
    source,
    engine,
    live: isLive,
    tables: tables.map(({ oid, sql, rows, pages }) => ({
      name: sql,
      columns: catalog.columnsOf(oid).length,
      indexes: catalog.indexesOf(oid).length,
      ...(isLive ? { rows: rows < 0 ? null : Math.round(rows), bytes: pages * 8192 } : {}),
    })),
    findings: findings.map(({ code, severity, object, message, evidence, fix }) => ({
      code,
      severity,
      object,
      message,
      evidence,
      fix: {
        steps: fix.steps,
        transactional: fix.transactional,
        ...(fix.caution === undefined ? {} : { caution: fix.caution }),
      },
    })),
    diagnostics: notes,
  };
}
