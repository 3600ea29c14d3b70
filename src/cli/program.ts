import { type CommandSpec, erase } from './command.ts';
import { dbAnalyze } from './commands/db/analyze-spec.ts';
import { dbDiff } from './commands/db/diff-spec.ts';
import { dbMigrate } from './commands/db/migrate-spec.ts';
import { dbRollback } from './commands/db/rollback-spec.ts';
import { dbSuggestIndexes } from './commands/db/suggest-indexes-spec.ts';
import { decide } from './commands/decide/spec.ts';
import { demo } from './commands/demo/spec.ts';
import { grill } from './commands/grill/spec.ts';
import { load } from './commands/load/spec.ts';
import { loadWorker } from './commands/load/worker-spec.ts';
import { scaffold } from './commands/scaffold/spec.ts';
import { skillCheck, skillInstall, skillList, skillRemove } from './commands/skill/spec.ts';

/** Every command, in the order in which help shows them. */
export const PROGRAM: readonly CommandSpec[] = [
  erase(scaffold),
  erase(dbAnalyze),
  erase(dbDiff),
  erase(dbSuggestIndexes),
  erase(dbMigrate),
  erase(dbRollback),
  erase(load),
  erase(loadWorker),
  erase(decide),
  erase(grill),
  erase(skillInstall),
  erase(skillList),
  erase(skillRemove),
  erase(skillCheck),
  erase(demo),
];
