import type { Destination } from '../destination.ts';
import type { Statement } from '../sources/statements.ts';
import type { Fact, FactDelta, Facts } from './facts.ts';
import { type DeltaContext, textIn } from './finding.ts';
import { commandsOf, nodeAt, nodesIn, someNode, type Tree, wordIn } from './tree.ts';

/** A context, and the tables of the file's start that are gone. */
export interface StatementContext extends DeltaContext {
  readonly lostTables: readonly string[];
}

/** `"my t"` and `public."my t"` as schema and name without quotes. */
function parts(name: string): readonly [schema: string, name: string] {
  const found = [...name.matchAll(/"((?:[^"]|"")*)"|[^."]+/g)].map(([all, quoted]) =>
    quoted === undefined ? all : quoted.replaceAll('""', '"'),
  );
  return found.length > 1 ? [found[0] ?? '', found[1] ?? ''] : ['', found[0] ?? ''];
}

const isTable = (fact: Fact): boolean =>
  fact.kind === 'relation' && ['r', 'p', 'm', 'f'].includes(textIn(fact, 'kind'));

export function contextOf(
  { tree }: Statement,
  first: Facts,
  before: Facts,
  delta: FactDelta,
  destination: Destination,
): StatementContext {
  const old = [...before.values()].filter((fact) => isTable(fact) && first.has(fact.key));
  const current = [...old, ...delta.changed.map(({ after }) => after).filter(isTable)];
  return {
    delta,
    destination,
    before,
    isOld: ({ key }) => first.has(key),
    isOldTable: (name) => current.some((fact) => fact.name === name && first.has(fact.key)),
    oldTable: (schema, name) => {
      const same = old.map((fact) => [fact.name, parts(fact.name)] as const);
      const named = same.filter(([, [s, n]]) => n === name && (schema === '' || s === schema));
      const [chosen] = [...named.filter(([, [s]]) => s === 'public'), ...named];
      return chosen?.[0];
    },
    ...usingOf(nodeAt({ tree }, 'tree')),
    detaches: commandsOf(nodeAt({ tree }, 'tree')).some(
      (command) => wordIn(command, 'subtype') === 'AT_DetachPartition',
    ),
    lostTables: delta.removed.filter((fact) => isTable(fact) && first.has(fact.key)).map(({ name }) => name),
  };
}

/** What the USING of ALTER COLUMN ... TYPE is: a cast of the column itself says nothing new. */
function usingOf(tree: Tree): Pick<DeltaContext, 'computes' | 'explicit' | 'zoned'> {
  const expressions = commandsOf(tree)
    .filter((command) => wordIn(command, 'subtype') === 'AT_AlterColumnType')
    .flatMap((command) => {
      const value = nodeAt(command, 'def', 'ColumnDef')['raw_default'];
      return value === undefined ? [] : [{ value, column: wordIn(command, 'name') }];
    });
  return {
    computes: expressions.some(({ value, column }) => !isCastOf(value, column)),
    explicit: expressions.length > 0,
    zoned: new Set(
      expressions.filter(({ value }) => atZone(value) !== undefined).map(({ column }) => column),
    ),
  };
}

/** What `x AT TIME ZONE 'Europe/Berlin'` is computed from: the same moment in other words. */
function atZone(value: unknown): unknown {
  const call = nodeAt(value, 'FuncCall');
  const isAtZone = someNode(call['funcname'], (name, word) => name === 'sval' && word === 'timezone');
  const [zone, moment] = nodesIn(call, 'args');
  return isAtZone && zone?.['A_Const'] !== undefined ? moment : undefined;
}

/** `name`, `name::text` and `name::text::citext`, in whatever zone. */
function isCastOf(value: unknown, column: string): boolean {
  const moment = atZone(value);
  if (moment !== undefined) return isCastOf(moment, column);
  const cast = nodeAt(value, 'TypeCast');
  if (cast['arg'] !== undefined) return isCastOf(cast['arg'], column);
  const fields = nodesIn(nodeAt(value, 'ColumnRef'), 'fields');
  return fields.length > 0 && someNode(fields.at(-1), (name, word) => name === 'sval' && word === column);
}
