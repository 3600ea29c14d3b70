import { catalogOf } from '../../src/database/analyze/facts/catalog.ts';
import { withPartitionGaps } from '../../src/database/analyze/facts/partition-gaps.ts';
import { withPlannerAnswers } from '../../src/database/analyze/facts/planner-questions.ts';
import { readFacts } from '../../src/database/analyze/facts/read-facts.ts';
import { SCHEMA_RULES } from '../../src/database/analyze/schema-rules.ts';
import type { Engine } from '../../src/database/engines/engine.ts';

/** What the rules find now, as `code name`, without the statements that mend it. Load the grammar first. */
export async function judged(engine: Engine): Promise<ReadonlySet<string>> {
  const facts = await withPartitionGaps(engine, await withPlannerAnswers(engine, await readFacts(engine)));
  const catalog = catalogOf(facts);
  return new Set(
    SCHEMA_RULES.flatMap(({ code, find }) => find(catalog).map(({ object }) => `${code} ${object.name}`)),
  );
}
