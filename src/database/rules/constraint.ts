import { type DatabaseObject, flagOf, type ObjectId, textOf } from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { arrivals, isGone, isOfPartition, outlivedByHeirs } from './inherited.ts';
import { optionChanges } from './options.ts';
import { constraintPreflight } from './preflight.ts';
import { type KindRule, mayFail, type RuleContext, type RuleStatement, statement } from './rule.ts';

const nameOf = (object: DatabaseObject): string => textOf(object, 'name');

const indexOf = (object: DatabaseObject): string => `${textOf(object, 'schema')}.${nameOf(object)}`;

const table = (object: DatabaseObject, only = false): string =>
  `ALTER ${flagOf(object, 'foreign') ? 'FOREIGN TABLE' : 'TABLE'} ${only ? 'ONLY ' : ''}${textOf(object, 'table')}`;

const constraintText = (object: DatabaseObject): string =>
  `CONSTRAINT ${nameOf(object)} ${textOf(object, 'definition')}`;

/** What ADD CONSTRAINT has no word for: the settings of the index behind it. */
function settings(object: DatabaseObject): RuleStatement[] {
  const { options, indexComment } = object.attributes;
  return [
    ...optionChanges(undefined, options).map((words) => statement(`ALTER INDEX ${indexOf(object)} ${words}`)),
    ...(indexComment === undefined ? [] : [comment(object)]),
  ];
}

const comment = (object: DatabaseObject): RuleStatement => {
  const text = object.attributes['indexComment'];
  return statement(
    `COMMENT ON INDEX ${indexOf(object)} IS ${typeof text === 'string' ? quoteText(text) : 'NULL'}`,
  );
};

export const constraintRule: KindRule = {
  kind: 'constraint',
  rename: (object, name) => ({
    sql: `${table(object)} RENAME CONSTRAINT ${nameOf(object)} TO ${name}`,
    reverse: `${table(object)} RENAME CONSTRAINT ${name} TO ${nameOf(object)}`,
  }),
  nameless: (object) => {
    const isTied =
      textOf(object, 'parent') !== '' ||
      flagOf(object, 'partitioned') ||
      Array.isArray(object.details['inherits']);
    return isTied ? undefined : { ...object.attributes, name: '' };
  },
  names: (object) => [
    `constraint ${nameOf(object)} of ${textOf(object, 'table')}`,
    ...(['p', 'u', 'x'].includes(textOf(object, 'type')) ? [`relation ${indexOf(object)}`] : []),
    ...(textOf(object, 'type') === 'p' ? [`primary key of ${textOf(object, 'table')}`] : []),
  ],
  releases: (object) => [
    ...(isKey(object) ? [`keys of ${textOf(object, 'table')}`] : []),
    ...(isKey(object) || textOf(object, 'type') === 'x' ? [`indexes of ${textOf(object, 'table')}`] : []),
  ],
  awaits: (object) => [
    // A foreign key takes whichever unique index it finds, also one that is about to go.
    ...(textOf(object, 'refersTo') === '' ? [] : [`keys of ${textOf(object, 'refersTo')}`]),
    // So does the key of a partitioned table in each partition.
    ...(isKey(object) && textOf(object, 'parent') !== '' ? [`keys of ${textOf(object, 'table')}`] : []),
  ],
  inline: (object) => {
    if (object.details['inheritedOnly'] === true) return '';
    // CREATE TABLE silently merges two keys over the same columns.
    const isTwin = object.details['twin'] === true;
    const isApart = isTwin || flagOf(object, 'notValid') || flagOf(object, 'invalid') || isPart(object);
    return isApart ? undefined : constraintText(object);
  },
  afterInline: (object, context) => [...settings(object), ...validOnItsOwn(object, context)],
  // PostgreSQL rebuilds keys itself. A foreign key must not outlive the type of one of its sides, and an
  // expression that is rebuilt column by column picks up casts that it keeps.
  rebuilt: (object) => ['f', 'c', 'x'].includes(textOf(object, 'type')),
  create: (object, context) => [...addConstraint(object, context), ...settings(object)],
  drop: (object, context) => [
    statement(`${table(object, outlivedByHeirs(object, context))} DROP CONSTRAINT ${nameOf(object)}`),
  ],
  goneHazard: (object, { target, fate }) => {
    const isOneMore = target.objects.has(`index:${indexOf(object)}`);
    const goesWithColumn = object.references.some((needed) => fate(needed) === 'drop');
    return fate(object.id) !== 'drop' || isOneMore || goesWithColumn ? undefined : 'weaker-rules';
  },
  createdBy: arrivals,
  droppedBy: (object, context) => [
    ...wholes(object, context),
    ...(isGone(object, context) || isOfPartition(object) ? arrivals(object, context) : []),
  ],
  heldBy: wholes,
  freedBy: (object) => (isPart(object) ? [`partition:${textOf(object, 'table')}`] : []),
  alter: [
    {
      attributes: ['notValid'],
      apply: ({ after, to, context }) => (to('notValid') === true ? 'replace' : [validate(after, context)]),
    },
    {
      attributes: ['options'],
      apply: ({ after, from, to }) =>
        optionChanges(from('options'), to('options')).map((words) =>
          statement(`ALTER INDEX ${indexOf(after)} ${words}`),
        ),
    },
    { attributes: ['indexComment'], apply: ({ after }) => [comment(after)] },
    // Follows from ATTACH and DETACH, or from the parent's own change.
    { attributes: ['parent', 'parentIndex'], apply: () => [] },
  ],
};

/** The constraint or index of the partitioned table that this one is a part of, as long as its table stays a partition. */
function wholes(object: DatabaseObject, { fate }: RuleContext): readonly ObjectId[] {
  const [parent, index] = [textOf(object, 'parent'), textOf(object, 'parentIndex')];
  if (fate(`partition:${textOf(object, 'table')}`) !== 'keep') return [];
  return [...(parent === '' ? [] : [`constraint:${parent}`]), ...(index === '' ? [] : [`index:${index}`])];
}

/** One that not every partition has a part of: made for the parent alone, and the parts there are attached to it. */
function addIncomplete(object: DatabaseObject, { target }: RuleContext): RuleStatement[] {
  const own = object.id.slice('constraint:'.length);
  const parts = object.follows.flatMap((id) => target.objects.get(id) ?? []);
  return [
    statement(`${table(object, true)} ADD ${constraintText(object)}`),
    ...parts
      .filter((part) => textOf(part, 'parent') === own)
      .map((part) => statement(`ALTER INDEX ${indexOf(object)} ATTACH PARTITION ${indexOf(part)}`)),
  ];
}

const isPart = (object: DatabaseObject): boolean =>
  textOf(object, 'parent') !== '' || textOf(object, 'parentIndex') !== '';

const isKey = (object: DatabaseObject): boolean => ['p', 'u'].includes(textOf(object, 'type'));

/** Whether the table is there, with rows, before the plan begins. */
const isUsed = (object: DatabaseObject, { source, fate }: RuleContext): boolean =>
  object.owner !== undefined && source.objects.has(object.owner) && fate(object.owner) !== 'replace';

function addConstraint(object: DatabaseObject, context: RuleContext): RuleStatement[] {
  const add = `${table(object)} ADD ${constraintText(object)}`;
  if (flagOf(object, 'invalid') && flagOf(object, 'partitioned')) return addIncomplete(object, context);
  if (flagOf(object, 'notValid')) return [statement(`${add} NOT VALID`)];
  if (!isUsed(object, context)) return [statement(add)];
  const hazards = mayFail(constraintPreflight(object));
  const isSplit = context.online && (!flagOf(object, 'partitioned') || textOf(object, 'type') === 'c');
  const form = isSplit ? ONLINE[textOf(object, 'type')] : undefined;
  return form === undefined ? [statement(add, hazards)] : form(object, add);
}

/** How a constraint is added to a table in use without a scan under a strong lock. */
const ONLINE: Readonly<Record<string, (object: DatabaseObject, add: string) => RuleStatement[]>> = {
  c: validateLater,
  f: validateLater,
  u: fromIndex,
  p: fromIndex,
};

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES */
function validateLater(object: DatabaseObject, add: string): RuleStatement[] {
  return [statement(`${add} NOT VALID`), validate(object, { online: true })];
}

/** Reads the whole table, so that online nothing before it may hold the table locked. */
function validate(object: DatabaseObject, { online }: Pick<RuleContext, 'online'>): RuleStatement {
  return statement(`${table(object)} VALIDATE CONSTRAINT ${nameOf(object)}`, {
    ...mayFail(constraintPreflight(object)),
    ...(online ? { later: true } : {}),
  });
}

/** A check that comes from the parent's comes no more valid than that, and may have been valid here. */
function validOnItsOwn(object: DatabaseObject, context: RuleContext): RuleStatement[] {
  const { fate, target } = context;
  const isBrought = arrivals(object, context).some(
    (id) =>
      ['create', 'replace'].includes(fate(id)) && target.objects.get(id)?.attributes['notValid'] === true,
  );
  return isBrought && !flagOf(object, 'notValid') ? [validate(object, context)] : [];
}

/** A unique index is built beside the traffic and then becomes the constraint under its name. */
function fromIndex(object: DatabaseObject, add: string): RuleStatement[] {
  const columns =
    /^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\((?![^()]* WITHOUT OVERLAPS)[^()]*\)(?: INCLUDE \([^()]*\))?)((?: DEFERRABLE)?(?: INITIALLY DEFERRED)?)$/.exec(
      textOf(object, 'definition'),
    );
  if (columns === null) return [statement(add, mayFail(constraintPreflight(object)))];
  const [, word = '', nulls = '', list = '', deferrable = ''] = columns;
  const using = `${table(object)} ADD CONSTRAINT ${nameOf(object)} ${word} USING INDEX ${nameOf(object)}${deferrable}`;
  return [
    statement(
      `CREATE UNIQUE INDEX CONCURRENTLY ${nameOf(object)} ON ${textOf(object, 'table')} ${list}${nulls}`,
      { outside: true, ...mayFail(constraintPreflight(object)) },
    ),
    statement(using),
  ];
}
