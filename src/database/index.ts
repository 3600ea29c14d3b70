export { type IndexAdvice, type SuggestRequest, suggestIndexes } from './advise/suggest.ts';
export { type Analysis, type AnalyzeRequest, analyze, type NamedText } from './analyze/analyze.ts';
export type { Finding } from './analyze/finding.ts';
export { FINDINGS } from './analyze/rule-heads.ts';
export { type CheckFact, type Comparison, readCheck } from './checks.ts';
export { DATABASE_CODES } from './codes.ts';
export type { Difference } from './diff.ts';
export { type DiffRequest, diffSchemas, type SchemaDiff } from './diff-schemas.ts';
export { withOwnDatabase } from './engines/postgres.ts';
export { HAZARDS, type Hazard, type HazardEntry } from './hazards.ts';
export {
  type Grade,
  type GradedFinding,
  type LintedStatement,
  type LintOptions,
  lintFile,
} from './lint/lint.ts';
export { describeSize, readTableSizes, type TableSize, type TableSizes } from './lint/sizes.ts';
export { type LintReport, type LintRequest, lintFiles } from './lint-files.ts';
export type { Applied } from './migrate/apply.ts';
export type { RunRequest } from './migrate/context.ts';
export type { DryRunReport } from './migrate/dry-run.ts';
export { type MigrateReport, type MigrateRequest, migrate, migrateDry } from './migrate/migrate.ts';
export type { RehearsedFile, RehearsedStatement } from './migrate/rehearse.ts';
export { rollBack, rollBackDry } from './migrate/rollback.ts';
export { migrationStatus, type StatusLine, type StatusReport } from './migrate/status.ts';
export type { Blocker, MigrateEvent, Surroundings } from './migrate/surroundings.ts';
export { type MigrationFiles, migrationFiles, statementsWith } from './migration-files.ts';
export { type DatabaseModel, type DatabaseObject, flagOf, listOf, textOf } from './model/database-model.ts';
export { openEmbeddedObserver } from './observe/embedded/embedded-observer.ts';
export type { Observer, SessionSample, StatementCount } from './observe/observer.ts';
export { openObserver } from './observe/postgres-observer.ts';
export { type StudiedStatement, type Study, studyStatements } from './observe/study.ts';
export type { Plan, PlannedStatement, Segment } from './plan/plan.ts';
export { parseRename, type RenameRequest } from './plan/renames.ts';
export type { Proof, ProofStep } from './prove.ts';
export { type ModelRequest, type ReadModel, readModel } from './read-model.ts';
export { refusedHazards, refusedStatements } from './refusals.ts';
export { nameOfLocation, parseConnection, parseLocation, type SchemaLocation } from './sources/location.ts';
