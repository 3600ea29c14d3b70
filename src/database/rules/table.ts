import { type DatabaseObject, listOf, textOf, wordOf } from '../model/database-model.ts';
import { canonical } from '../model/fingerprint.ts';
import { foreignOption, foreignOptionChanges, optionChanges, optionList } from './options.ts';
import {
  bareName,
  CHANGES_ACCESS,
  type Change,
  type KindRule,
  type RuleContext,
  type RuleStatement,
  relationNames,
  renameBySqlName,
  statement,
} from './rule.ts';

/** Statements that follow CREATE TABLE because it has no clause for them. */
function settings(object: DatabaseObject): RuleStatement[] {
  const { rowSecurity, forceRowSecurity } = object.attributes;
  const alter = (words: string): RuleStatement => statement(`ALTER ${object.sqlName} ${words}`);
  return [
    ...(rowSecurity === true ? [alter('ENABLE ROW LEVEL SECURITY')] : []),
    ...(forceRowSecurity === true ? [alter('FORCE ROW LEVEL SECURITY')] : []),
  ];
}

/** How a parent is told from the columns and constraints in the parts of a CREATE TABLE. */
const INHERITS = 'INHERITS ';

function createTable(object: DatabaseObject, parts: readonly string[]): RuleStatement[] {
  const { unlogged, ofType, partitionKey, accessMethod, options, server } = object.attributes;
  const kind = server === undefined ? 'TABLE' : 'FOREIGN TABLE';
  const inherits = parts
    .filter((part) => part.startsWith(INHERITS))
    .map((part) => part.slice(INHERITS.length));
  const written = parts.filter((part) => part !== '' && !part.startsWith(INHERITS));
  const body = written.length === 0 ? '()' : `(\n    ${written.join(',\n    ')}\n)`;
  const storage = optionList(options);
  const serverOptions = listOf(object, 'serverOptions').map(foreignOption);
  const words = [
    `CREATE ${unlogged === true ? 'UNLOGGED ' : ''}${kind} ${bareName(object.sqlName)}`,
    ...(ofType === undefined ? [body] : [`OF ${wordOf(ofType)}`, ...(written.length === 0 ? [] : [body])]),
    ...(inherits.length === 0 ? [] : [`INHERITS (${inherits.join(', ')})`]),
    ...(partitionKey === undefined ? [] : [`PARTITION BY ${wordOf(partitionKey)}`]),
    ...(accessMethod === undefined ? [] : [`USING ${wordOf(accessMethod)}`]),
    ...(storage === undefined ? [] : [`WITH ${storage}`]),
    ...(server === undefined ? [] : [`SERVER ${wordOf(server)}`]),
    ...(serverOptions.length === 0 ? [] : [`OPTIONS (${serverOptions.join(', ')})`]),
  ];
  return [statement(words.join(' '))];
}

const alter = (
  { after }: Change,
  words: string,
  options: Omit<RuleStatement, 'sql'> = {},
): RuleStatement[] => [statement(`ALTER ${after.sqlName} ${words}`, options)];

export const tableRule: KindRule = {
  kind: 'table',
  rename: renameBySqlName,
  names: relationNames,
  // More than half of all their columns are the same.
  mayBecome: (before, after) => {
    const [old, wanted] = [before, after].map(
      ({ details }) => details['columns'] as readonly string[] | undefined,
    );
    const all = new Set([...(old ?? []), ...(wanted ?? [])]);
    return (
      [...all].filter((column) => old?.includes(column) && wanted?.includes(column)).length * 2 > all.size
    );
  },
  // A partitioned table holds no rows of its own, a foreign one none at all.
  dropHazard: ({ attributes }) =>
    attributes['partitionKey'] === undefined && attributes['server'] === undefined ? 'data-loss' : undefined,
  takesParts: true,
  create: (object, _context, parts) => [...createTable(object, parts), ...settings(object)],
  alter: [
    {
      attributes: ['unlogged'],
      apply: (change) =>
        alter(change, change.to('unlogged') === true ? 'SET UNLOGGED' : 'SET LOGGED', {
          hazards: ['table-rewrite'],
        }),
    },
    {
      attributes: ['ofType'],
      apply: (change) => {
        const type = change.to('ofType');
        const [old, wanted] = [change.before, change.after].map(({ details }) => details['columns']);
        // OF wants the columns of the type to be there already, in their order.
        if (type !== undefined && canonical(old) !== canonical(wanted)) return 'replace';
        return alter(change, type === undefined ? 'NOT OF' : `OF ${wordOf(type)}`);
      },
    },
    {
      attributes: ['accessMethod'],
      apply: (change) =>
        alter(change, `SET ACCESS METHOD ${wordOf(change.to('accessMethod') ?? 'heap')}`, {
          hazards: ['table-rewrite'],
        }),
    },
    {
      attributes: ['options'],
      apply: (change) =>
        optionChanges(change.from('options'), change.to('options')).flatMap((words) => alter(change, words)),
    },
    {
      attributes: ['serverOptions'],
      apply: (change) =>
        foreignOptionChanges(
          listOf(change.before, 'serverOptions'),
          listOf(change.after, 'serverOptions'),
        ).flatMap((words) => alter(change, words)),
    },
    {
      attributes: ['rowSecurity'],
      apply: (change) =>
        alter(
          change,
          `${change.to('rowSecurity') === true ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`,
          CHANGES_ACCESS,
        ),
    },
    {
      attributes: ['forceRowSecurity'],
      apply: (change) =>
        alter(
          change,
          `${change.to('forceRowSecurity') === true ? '' : 'NO '}FORCE ROW LEVEL SECURITY`,
          CHANGES_ACCESS,
        ),
    },
  ],
};

export const inheritanceRule: KindRule = {
  kind: 'inheritance',
  inline: (object) => `${INHERITS}${textOf(object, 'parent')}`,
  create: ({ attributes: { table, parent } }) => [
    statement(`ALTER TABLE ${wordOf(table)} INHERIT ${wordOf(parent)}`),
  ],
  drop: ({ attributes: { table, parent } }) => [
    statement(`ALTER TABLE ${wordOf(table)} NO INHERIT ${wordOf(parent)}`),
  ],
  // Everything of the parent has to be in the table before they are joined.
  awaits: ({ attributes: { parent, table } }) => [
    `columns of ${wordOf(parent)}`,
    `columns of ${wordOf(table)}`,
  ],
  dropsFirst: ({ references, owner }, { fate }) =>
    references.every((id) => id === owner || !['drop', 'replace'].includes(fate(id))) &&
    (owner === undefined || !['drop', 'replace'].includes(fate(owner))),
  alter: [],
};

/** Indexes of the partition's own that stay, and that attaching it would take for parts of the parent's. */
const keptTwins = (object: DatabaseObject, { source, target, fate }: RuleContext): DatabaseObject[] =>
  ((object.details['twins'] ?? []) as readonly string[])
    .map((name) => `index:${name}`)
    .filter((id) => source.objects.has(id) && fate(id) === 'keep')
    .flatMap((id) => target.objects.get(id) ?? []);

export const partitionRule: KindRule = {
  kind: 'partition',
  create: (object, context) => {
    const { parent, table, bound } = object.attributes;
    const twins = keptTwins(object, context);
    const outside = context.online ? { outside: true as const } : {};
    const word = context.online ? ' CONCURRENTLY' : '';
    return [
      ...twins.map(({ sqlName }) =>
        statement(`DROP INDEX${word} ${sqlName.slice('INDEX '.length)}`, outside),
      ),
      statement(
        `ALTER TABLE ${wordOf(parent)} ATTACH PARTITION ${wordOf(table)} ${wordOf(bound)}`,
        context.source.objects.has(object.owner ?? '') ? { hazards: ['may-fail'] } : {},
      ),
      ...twins.map((twin) =>
        statement(textOf(twin, 'definition').replace(' INDEX ', ` INDEX${word} `), outside),
      ),
    ];
  },
  drop: ({ attributes: { parent, table } }) => [
    statement(`ALTER TABLE ${wordOf(parent)} DETACH PARTITION ${wordOf(table)}`),
  ],
  // Both tables have to have the same columns before they are joined.
  awaits: ({ attributes: { parent, table } }) => [
    `columns of ${wordOf(parent)}`,
    `columns of ${wordOf(table)}`,
    `keys of ${wordOf(parent)}`,
    // It adopts any index that fits, also one that is about to go.
    `indexes of ${wordOf(table)}`,
  ],
  // An index of the parent that is made while an old partition is attached never becomes valid, a foreign
  // key to the parent holds on to every partition of it, and what a partition has from its parent cannot change.
  dropsFirst: ({ references, owner, details }, { fate }) => {
    const stays = (id: string): boolean => !['drop', 'replace'].includes(fate(id));
    return (
      details['referred'] === true ||
      references.every((id) => id === owner || stays(id)) ||
      (owner !== undefined && stays(owner))
    );
  },
  // A foreign key of the parent that is made takes the partition's in, whether that is attached by then or not.
  spares: (_object, followed, { fate }) =>
    textOf(followed, 'type') === 'f' &&
    ['create', 'replace'].includes(fate(`constraint:${textOf(followed, 'parent')}`)),
  alter: [],
};
