import { type DatabaseObject, flagOf, type ObjectId, textOf } from '../model/database-model.ts';
import { indexPreflight } from './preflight.ts';
import {
  type Change,
  type KindRule,
  mayFail,
  type RuleContext,
  type RuleStatement,
  renameBySqlName,
  statement,
} from './rule.ts';

function settings(object: DatabaseObject): RuleStatement[] {
  const targets = Object.entries((object.attributes['statistics'] ?? {}) as Readonly<Record<string, number>>);
  return [
    ...targets.map(([column, target]) =>
      statement(`ALTER ${object.sqlName} ALTER COLUMN ${column} SET STATISTICS ${target}`),
    ),
  ];
}

/** The index of a table in use is built beside the traffic; that of a partitioned table cannot be. */
function isBuiltOnline(object: DatabaseObject, { online, source, fate }: RuleContext): boolean {
  const table = object.owner;
  return (
    online &&
    table !== undefined &&
    source.objects.has(table) &&
    fate(table) !== 'replace' &&
    !flagOf(object, 'partitioned')
  );
}

/** The name of a new index until the old one of its name is gone. */
const interim = (object: DatabaseObject): string =>
  `"${textOf(object, 'name').replaceAll('"', '').slice(0, 50)}__new"`;

/** Whether the old index serves until the new one is there: not when something it is made of changes. */
function isSwapped({ id }: DatabaseObject, context: RuleContext): boolean {
  const [old, wanted] = [context.source.objects.get(id), context.target.objects.get(id)];
  if (old === undefined || wanted === undefined || context.fate(id) !== 'replace') return false;
  return (
    // The name may have moved to another table, which may be new.
    [old, wanted].every((one) => isBuiltOnline(one, context) && textOf(one, 'parent') === '') &&
    old.references.every((one) => one === old.owner || !['alter', 'replace'].includes(context.fate(one)))
  );
}

function createIndex(object: DatabaseObject, context: RuleContext): RuleStatement[] {
  const definition = textOf(object, 'definition');
  const hazards = flagOf(object, 'unique') ? mayFail(indexPreflight(object)) : {};
  if (!isBuiltOnline(object, context)) return [statement(definition, hazards)];
  const concurrently = definition.replace(' INDEX ', ' INDEX CONCURRENTLY ');
  const beside = { outside: true, later: true } as const;
  if (!isSwapped(object, context)) return [statement(concurrently, { ...hazards, ...beside })];
  const qualified = object.sqlName.replace('INDEX ', '');
  const schema = qualified.slice(0, qualified.length - textOf(object, 'name').length);
  return [
    statement(concurrently.replace(` ${textOf(object, 'name')} ON `, ` ${interim(object)} ON `), {
      ...hazards,
      ...beside,
    }),
    statement(`DROP INDEX CONCURRENTLY IF EXISTS ${qualified}`, beside),
    statement(`ALTER INDEX ${schema}${interim(object)} RENAME TO ${textOf(object, 'name')}`, { later: true }),
  ];
}

function dropIndex(object: DatabaseObject, context: RuleContext): RuleStatement[] {
  if (isSwapped(object, context)) return [];
  const isPart = textOf(object, 'parent') !== '';
  // The index of a constraint goes only with its constraint.
  const holds = object.follows.some((id) => {
    const part = context.source.objects.get(id);
    return part !== undefined && textOf(part, 'parentIndex') === object.sqlName.replace('INDEX ', '');
  });
  if (holds) return [statement(`DROP ${object.sqlName} CASCADE`)];
  if (isPart || !isBuiltOnline(object, context)) return [statement(`DROP ${object.sqlName}`)];
  return [statement(`DROP INDEX CONCURRENTLY ${object.sqlName.replace('INDEX ', '')}`, { outside: true })];
}

const remark = ({ after }: Change): RuleStatement[] => settings(after);

/** The parts of a partitioned index are adopted by name: by itself PostgreSQL takes any that fits. */
function createPartitioned(object: DatabaseObject, { target }: RuleContext): RuleStatement[] {
  const only = statement(textOf(object, 'definition').replace(' ON ', ' ON ONLY '));
  const own = object.sqlName.replace('INDEX ', '');
  const parts = object.follows.flatMap((id) => target.objects.get(id) ?? []);
  const attached = parts.filter((part) =>
    [textOf(part, 'parent'), textOf(part, 'parentIndex')].includes(own),
  );
  return [
    only,
    ...attached.map((part) =>
      statement(`ALTER ${object.sqlName} ATTACH PARTITION ${textOf(part, 'schema')}.${textOf(part, 'name')}`),
    ),
  ];
}

const wholes = (object: DatabaseObject, { fate }: RuleContext): readonly ObjectId[] =>
  textOf(object, 'parent') !== '' && fate(`partition:${textOf(object, 'table')}`) === 'keep'
    ? [`index:${textOf(object, 'parent')}`]
    : [];

export const indexRule: KindRule = {
  kind: 'index',
  rename: renameBySqlName,
  nameless: (object) =>
    textOf(object, 'parent') !== '' || flagOf(object, 'partitioned')
      ? undefined
      : {
          ...object.attributes,
          name: '',
          definition: textOf(object, 'definition').replace(
            ` INDEX ${textOf(object, 'name')} ON `,
            ' INDEX ON ',
          ),
        },
  releases: (object) => [
    `indexes of ${textOf(object, 'table')}`,
    ...(flagOf(object, 'unique') ? [`keys of ${textOf(object, 'table')}`] : []),
  ],
  // An expression that is rebuilt column by column picks up casts that it keeps.
  rebuilt: ({ details }) => details['expression'] === true,
  names: ({ sqlName }) => [`relation ${sqlName.replace('INDEX ', '')}`],
  create: (object, context) => {
    const isWhole = flagOf(object, 'partitioned');
    const made = isWhole ? createPartitioned(object, context) : createIndex(object, context);
    const isLater = made.some(({ later }) => later === true) || (isWhole && context.online);
    if (isWhole && isLater)
      return [...made, ...settings(object)].map((one) => ({ ...one, later: true as const }));
    return [...made, ...settings(object).map((set) => (isLater ? { ...set, later: true as const } : set))];
  },
  drop: dropIndex,
  goneHazard: (object, { target, fate, source }) => {
    const isConstraint = target.objects.has(
      `constraint:${textOf(object, 'name')} on ${textOf(object, 'table')}`,
    );
    const goesWithColumn = object.references.some((id) => source.objects.has(id) && fate(id) === 'drop');
    const isGone = fate(object.id) === 'drop' && !isConstraint && !goesWithColumn;
    return isGone && flagOf(object, 'unique') ? 'weaker-rules' : undefined;
  },
  // DROP INDEX CONCURRENTLY would cut the transaction of the others in two.
  dropsFirst: (object, context) => isBuiltOnline(object, context) && textOf(object, 'parent') === '',
  // Once its partition is detached, an index stands alone.
  droppedBy: wholes,
  heldBy: wholes,
  freedBy: (object) => (textOf(object, 'parent') === '' ? [] : [`partition:${textOf(object, 'table')}`]),
  alter: [
    {
      attributes: ['statistics'],
      apply: (change) => (change.to('statistics') === undefined ? 'replace' : remark(change)),
    },
    // Follows from ATTACH and DETACH, or from the parent index being made, which adopts it.
    { attributes: ['parent'], apply: () => [] },
  ],
};
