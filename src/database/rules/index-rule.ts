import { type DatabaseObject, flagOf, textOf } from '../model/database-model.ts';
import { type Change, type KindRule, type RuleContext, type RuleStatement, statement } from './rule.ts';

const mark = (object: DatabaseObject, words: string): RuleStatement =>
  statement(`ALTER TABLE ${textOf(object, 'table')} ${words}`);

function settings(object: DatabaseObject): RuleStatement[] {
  const targets = Object.entries((object.attributes['statistics'] ?? {}) as Readonly<Record<string, number>>);
  return [
    ...(flagOf(object, 'clustered') ? [mark(object, `CLUSTER ON ${textOf(object, 'name')}`)] : []),
    ...(flagOf(object, 'replicaIdentity') ? [mark(object, `REPLICA IDENTITY USING INDEX ${textOf(object, 'name')}`)] : []),
    ...targets.map(([column, target]) =>
      statement(`ALTER ${object.sqlName} ALTER COLUMN ${column} SET STATISTICS ${target}`),
    ),
  ];
}

/** The index of a table in use is built beside the traffic; that of a partitioned table cannot be. */
function isBuiltOnline(object: DatabaseObject, { online, source, fate }: RuleContext): boolean {
  const table = object.owner;
  return (
    online && table !== undefined && source.objects.has(table) && fate(table) !== 'replace' && !flagOf(object, 'partitioned')
  );
}

function createIndex(object: DatabaseObject, context: RuleContext): RuleStatement {
  const definition = textOf(object, 'definition');
  const hazards = flagOf(object, 'unique') ? ({ hazards: ['may-fail'] } as const) : {};
  if (!isBuiltOnline(object, context)) return statement(definition, hazards);
  return statement(definition.replace(' INDEX ', ' INDEX CONCURRENTLY '), { ...hazards, outside: true });
}

const remark = ({ after }: Change): RuleStatement[] => settings(after);

export const indexRule: KindRule = {
  kind: 'index',
  names: ({ sqlName }) => [`relation ${sqlName.replace('INDEX ', '')}`],
  create: (object, context) => [createIndex(object, context), ...settings(object)],
  drop: (object, context) => [
    isBuiltOnline(object, { ...context, fate: () => 'keep' }) && textOf(object, 'parent') === ''
      ? statement(`DROP INDEX CONCURRENTLY ${object.sqlName.replace('INDEX ', '')}`, { outside: true })
      : statement(`DROP ${object.sqlName}`),
  ],
  droppedBy: (object) => (textOf(object, 'parent') === '' ? [] : [`index:${textOf(object, 'parent')}`]),
  alter: [
    {
      attributes: ['clustered'],
      apply: ({ after }) => (flagOf(after, 'clustered') ? settings(after) : [mark(after, 'SET WITHOUT CLUSTER')]),
    },
    {
      attributes: ['replicaIdentity'],
      apply: ({ after }) => (flagOf(after, 'replicaIdentity') ? settings(after) : []),
    },
    { attributes: ['statistics'], apply: (change) => (change.to('statistics') === undefined ? 'replace' : remark(change)) },
    // Follows from ATTACH and DETACH, or from the parent index being made, which adopts it.
    { attributes: ['parent'], apply: () => [] },
  ],
};
