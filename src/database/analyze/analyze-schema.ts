import { loadModule } from 'libpg-query';
import type { Engine } from '../engines/engine.ts';
import { type Catalog, catalogOf } from './facts/catalog.ts';
import { withLastValues } from './facts/last-values.ts';
import { withPartitionGaps } from './facts/partition-gaps.ts';
import { withPlannerAnswers } from './facts/planner-questions.ts';
import { readFacts } from './facts/read-facts.ts';
import type { Finding, SchemaRule } from './finding.ts';
import { aroundViews } from './mend/around-views.ts';
import { SCHEMA_RULES } from './schema-rules.ts';

/** Reads the catalog of a database and judges it. Only reads; locks nothing beyond ACCESS SHARE. */
export async function analyzeSchema(
  engine: Engine,
): Promise<{ readonly catalog: Catalog; readonly findings: Finding[] }> {
  await loadModule();
  const catalogFacts = await readFacts(engine);
  const facts = await withLastValues(
    engine,
    await withPartitionGaps(engine, await withPlannerAnswers(engine, catalogFacts)),
  );
  const catalog = catalogOf(facts);
  const findings = SCHEMA_RULES.flatMap((rule) => findingsOf(rule, catalog));
  return { catalog, findings: await aroundViews(engine, catalog, findings) };
}

function findingsOf(rule: SchemaRule, catalog: Catalog): Finding[] {
  return rule.find(catalog).map(({ severity = rule.severity, evidence = {}, ...found }) => ({
    code: rule.code,
    severity,
    evidence,
    ...found,
  }));
}
