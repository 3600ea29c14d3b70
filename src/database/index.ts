export { DATABASE_CODES } from './codes.ts';
export type { Difference } from './diff.ts';
export { type DiffRequest, diffSchemas, type SchemaDiff } from './diff-schemas.ts';
export { HAZARDS, type Hazard, REFUSED } from './hazards.ts';
export { type MigrationFiles, migrationFiles, statementsWith } from './migration-files.ts';
export type { DatabaseModel, DatabaseObject } from './model/database-model.ts';
export type { Plan, PlannedStatement, Segment } from './plan/plan.ts';
export type { Proof, ProofStep } from './prove.ts';
export { nameOfLocation, parseConnection, parseLocation, type SchemaLocation } from './sources/location.ts';
