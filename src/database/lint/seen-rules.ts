import { measuredHazards } from '../measured.ts';
import type { Statement } from '../sources/statements.ts';
import type { Observation } from '../trace.ts';
import { type DeltaContext, type Finding, listIn } from './finding.ts';
import { tablesIn } from './statement-rules.ts';
import { commandsOf, nodeAt, type Tree, wordIn } from './tree.ts';

type SeenRule = (tree: Tree, context: DeltaContext, seen: Observation) => readonly Finding[];

/** What only the statement and what it was seen to do say together. */
export function seenFindings(
  { node, tree }: Statement,
  context: DeltaContext,
  seen: Observation,
): readonly Finding[] {
  return RULES[node]?.(nodeAt({ tree }, 'tree'), context, seen) ?? [];
}

const RULES: Readonly<Record<string, SeenRule>> = {
  TruncateStmt: emptiedAlong,
  AlterTableStmt: readForBound,
};

/** Tables that CASCADE empties because they refer to one that is named. */
function emptiedAlong(tree: Tree, context: DeltaContext, { effects }: Observation): readonly Finding[] {
  if (wordIn(tree, 'behavior') !== 'DROP_CASCADE') return [];
  const named = new Set(tablesIn(tree, context));
  const parentsOf = (table: string): readonly string[] =>
    [...context.before.values()]
      .filter(({ kind, name }) => kind === 'relation' && name === table)
      .flatMap((fact) => listIn(fact, 'parents'));
  // A partition goes with the table that it is a part of.
  const isMeant = (table: string): boolean => named.has(table) || parentsOf(table).some(isMeant);
  const along = effects.rewrites.filter((table) => !isMeant(table));
  if (along.length === 0) return [];
  return [
    ...along.map(
      (table): Finding => ({ hazard: 'data-loss', about: `all rows of ${table}`, tables: [table] }),
    ),
    { hazard: 'cascade', about: along.join(', '), tables: [] },
  ];
}

/** A partition is read for rows beyond its bound unless a check says that there are none. */
function readForBound(tree: Tree, _context: DeltaContext, seen: Observation): readonly Finding[] {
  const attaches = commandsOf(tree).some((command) => wordIn(command, 'subtype') === 'AT_AttachPartition');
  if (!attaches) return [];
  return measuredHazards(seen)
    .filter(({ hazard }) => hazard === 'blocking-scan')
    .map(({ tables }) => ({ hazard: 'may-fail', about: `bound of ${tables.join(', ')}`, tables }));
}
