import {
  type AttributeValue,
  type DatabaseModel,
  type DatabaseObject,
  listOf,
  type ObjectId,
  textOf,
  wordOf,
} from '../model/database-model.ts';
import { countRows } from '../preflight.ts';
import { alterColumn } from './alter-column.ts';
import { castMayFail, castOf, isSameToPrograms } from './cast.ts';
import { castLoses } from './cast-loss.ts';
import { identityAfter, identityBefore, identityNames, identityText } from './identity.ts';
import { arrivals, isGone, outlivedByHeirs } from './inherited.ts';
import { notNullChange, notNullText, ownNotNull } from './not-null.ts';
import { foreignOption, foreignOptionChanges, optionChanges } from './options.ts';
import { castPreflight } from './preflight.ts';
import { type Change, type KindRule, type RuleContext, type RuleStatement, statement } from './rule.ts';
import { zoneDecides } from './zone.ts';

function columnText(object: DatabaseObject, parts: readonly string[]): string {
  const { type, collation, generated, compression } = object.attributes;
  const serverOptions = listOf(object, 'serverOptions').map(foreignOption);
  return [
    `${textOf(object, 'name')} ${wordOf(type)}`,
    ...(serverOptions.length === 0 ? [] : [`OPTIONS (${serverOptions.join(', ')})`]),
    ...(compression === undefined ? [] : [`COMPRESSION ${wordOf(compression)}`]),
    ...(collation === undefined ? [] : [`COLLATE ${wordOf(collation)}`]),
    ...notNullText(object),
    ...(generated === undefined ? [] : [generatedText(generated)]),
    ...identityText(object),
    ...parts,
  ].join(' ');
}

function generatedText(generated: AttributeValue): string {
  const { expression, virtual } = generated as { readonly expression: string; readonly virtual: boolean };
  return `GENERATED ALWAYS AS (${expression}) ${virtual ? 'VIRTUAL' : 'STORED'}`;
}

/** What CREATE TABLE and ADD COLUMN have no word for in every version. */
function settings(object: DatabaseObject): RuleStatement[] {
  const { storage, statistics, options } = object.attributes;
  return [
    ...(storage === undefined ? [] : [alterColumn(object, `SET STORAGE ${wordOf(storage)}`)]),
    ...(statistics === undefined ? [] : [alterColumn(object, `SET STATISTICS ${wordOf(statistics)}`)]),
    ...optionChanges(undefined, options).map((words) => alterColumn(object, words)),
  ];
}

/** The type of a typed table, whose fields come and go in the table by themselves. */
const typeBehind = ({ owner, details }: DatabaseObject, { source, fate }: RuleContext): readonly string[] =>
  typeof details['ofType'] === 'string' &&
  owner !== undefined &&
  source.objects.has(owner) &&
  ['keep', 'alter'].includes(fate(owner)) &&
  fate(details['ofType']) === 'alter'
    ? [details['ofType']]
    : [];

function retype(change: Change): readonly RuleStatement[] {
  const { before, after, context } = change;
  if (arrivals(after, context).some((id) => context.fate(id) === 'alter')) return [];
  const name = textOf(after, 'name');
  const type = textOf(after, 'type');
  const moved = change.rebind && textOf(before, 'type') === type;
  const using =
    moved || needsText(before, type) ? `${name}::text::${type}` : castOf(name, textOf(before, 'type'), type);
  const { collation } = after.attributes;
  const words = [
    `TYPE ${type}`,
    ...(collation === undefined ? [] : [`COLLATE ${wordOf(collation)}`]),
    ...(using === undefined || isGenerated(after) || after.details['foreign'] === true
      ? []
      : [`USING ${using}`]),
  ];
  const isMoved = moved && !keepsLabels(before, after, change);
  const isLossy = !isGenerated(before) && castLoses(textOf(before, 'type'), type);
  const refuses = isMoved || castMayFail(textOf(before, 'type'), type);
  const isByZone = context.destination?.timeZone === undefined && zoneDecides(textOf(before, 'type'), type);
  const preflight = refuses ? castPreflight(before, after, context) : undefined;
  return [
    alterColumn(after, words.join(' '), {
      hazards: [
        ...(isLossy ? (['data-loss'] as const) : []),
        ...(refuses ? (['may-fail', 'table-rewrite'] as const) : []),
        ...(isByZone && !isGenerated(before) ? (['depends-on-zone'] as const) : []),
        ...(isSameToPrograms(textOf(before, 'type'), type) ? [] : (['type-change'] as const)),
      ],
      ...(preflight === undefined ? {} : { preflight }),
    }),
  ];
}

/** Whether every label of an enum that is made anew is still there: then no value of it is refused. */
function keepsLabels(before: DatabaseObject, after: DatabaseObject, { context }: Change): boolean {
  const labels = ({ objects }: DatabaseModel, object: DatabaseObject): readonly string[] | undefined => {
    const found = objects.get(`enum:${textOf(object, 'type').replace(/\[\]$/, '')}`);
    return found === undefined ? undefined : listOf(found, 'labels');
  };
  const kept = labels(context.target, after);
  return (
    kept !== undefined && labels(context.source, before)?.every((label) => kept.includes(label)) === true
  );
}

/** Only the text of an enum, composite or range value can become a value of another type. */
const needsText = (before: DatabaseObject, type: string): boolean =>
  ['e', 'c', 'r'].includes(wordOf(before.details['typeClass'])) &&
  textOf(before, 'type') !== type &&
  !/^(?:text|character varying(?:\(\d+\))?)$/.test(type);

function regenerate({ from, to, after }: Change): readonly RuleStatement[] | 'replace' {
  const before = from('generated') as { readonly virtual: boolean } | undefined;
  return to('generated') === undefined && before?.virtual === false
    ? [alterColumn(after, 'DROP EXPRESSION')]
    : 'replace';
}

const setOrReset = (attribute: string, word: string, usual: string) => ({
  attributes: [attribute],
  apply: ({ after, to }: Change): readonly RuleStatement[] => [
    alterColumn(after, `SET ${word} ${wordOf(to(attribute) ?? usual)}`),
  ],
});

const isGenerated = (object: DatabaseObject): boolean => object.attributes['generated'] !== undefined;

/** Whether a new column asks rows that are there for a value that nothing gives. */
function isDemanding(object: DatabaseObject, { source }: RuleContext, parts: readonly string[]): boolean {
  const { notNull, identity, generated } = object.attributes;
  const isFilled =
    identity !== undefined || generated !== undefined || parts.some((part) => part.startsWith('DEFAULT '));
  return notNull !== undefined && !isFilled && source.objects.has(object.owner ?? '');
}

const demands = (object: DatabaseObject): Omit<RuleStatement, 'sql'> => ({
  hazards: ['may-fail', 'required-column'],
  preflight: countRows(textOf(object, 'table')),
});

export const columnRule: KindRule = {
  kind: 'column',
  rename: (object, name) => ({
    sql: `ALTER TABLE ${textOf(object, 'table')} RENAME COLUMN ${textOf(object, 'name')} TO ${name}`,
    reverse: `ALTER TABLE ${textOf(object, 'table')} RENAME COLUMN ${name} TO ${textOf(object, 'name')}`,
  }),
  mayBecome: (before, after) =>
    before.owner === after.owner && textOf(before, 'type') === textOf(after, 'type'),
  // The values of a generated column can be computed again.
  dropHazard: (object) => (isGenerated(object) ? undefined : 'data-loss'),
  goneHazard: (object, { fate }) =>
    isGenerated(object) && fate(object.id) === 'drop' ? 'breaks-clients' : undefined,
  rebuilt: isGenerated,
  rebinds: (object) => !isGenerated(object),
  takesParts: true,
  names: identityNames,
  releases: (object) => [`columns of ${textOf(object, 'table')}`],
  inline: (object, _context, parts) => {
    if (object.details['typed'] === true) {
      const words = [...notNullText(object), ...parts];
      return words.length === 0 ? '' : `${textOf(object, 'name')} WITH OPTIONS ${words.join(' ')}`;
    }
    return object.details['inheritedOnly'] === true ? '' : columnText(object, parts);
  },
  afterInline: (object, context) => [
    ...ownDefault(object, context),
    ...ownNotNull(object, context),
    ...settings(object),
  ],
  create: (object, context, parts) => {
    const table = object.details['foreign'] === true ? 'FOREIGN TABLE' : 'TABLE';
    const add = `ALTER ${table} ${textOf(object, 'table')} ADD COLUMN ${columnText(object, parts)}`;
    return [statement(add, isDemanding(object, context, parts) ? demands(object) : {}), ...settings(object)];
  },
  drop: (object, context) => {
    const table = object.details['foreign'] === true ? 'FOREIGN TABLE' : 'TABLE';
    const only = outlivedByHeirs(object, context) ? 'ONLY ' : '';
    return [
      statement(`ALTER ${table} ${only}${textOf(object, 'table')} DROP COLUMN ${textOf(object, 'name')}`),
    ];
  },
  createdBy: arrivals,
  droppedBy: (object, context) =>
    isGone(object, context) &&
    (object.details['inheritedOnly'] === true || object.details['partition'] === true)
      ? arrivals(object, context)
      : [],
  movedBy: typeBehind,
  remakes: ({ after, from, to, rebind }) =>
    after.details['partitionKey'] === true &&
    (rebind || from('type') !== to('type') || from('collation') !== to('collation'))
      ? after.owner
      : undefined,
  alter: [
    { attributes: ['identity'], apply: identityBefore },
    { attributes: ['generated'], apply: regenerate },
    { attributes: ['type', 'collation'], apply: retype, disturbs: () => true },
    { attributes: ['notNull'], apply: notNullChange },
    { attributes: ['identity'], apply: identityAfter },
    setOrReset('storage', 'STORAGE', 'DEFAULT'),
    setOrReset('compression', 'COMPRESSION', 'DEFAULT'),
    setOrReset('statistics', 'STATISTICS', '-1'),
    {
      attributes: ['serverOptions'],
      apply: ({ before, after }) =>
        foreignOptionChanges(listOf(before, 'serverOptions'), listOf(after, 'serverOptions')).map((words) =>
          alterColumn(after, words),
        ),
    },
    {
      attributes: ['options'],
      apply: ({ after, from, to }) =>
        optionChanges(from('options'), to('options')).map((words) => alterColumn(after, words)),
    },
  ],
};

/** What a column that comes with its parent's has to be told when the parent's has another default, or none. */
function ownDefault(object: DatabaseObject, context: RuleContext): readonly RuleStatement[] {
  const { objects } = context.target;
  const defaultOf = (id: ObjectId): DatabaseObject | undefined =>
    objects.get(`default:${id.slice('column:'.length)}`);
  const own = defaultOf(object.id);
  const bringers = arrivals(object, context).filter((id) => ['create', 'replace'].includes(context.fate(id)));
  if (bringers.length === 0 || own?.details['inherited'] === true) return [];
  const others = bringers.map((id) => defaultOf(id)?.attributes['expression']);
  if (others.every((expression) => expression === own?.attributes['expression'])) return [];
  return own === undefined
    ? [
        statement(
          `ALTER TABLE ONLY ${textOf(object, 'table')} ALTER COLUMN ${textOf(object, 'name')} DROP DEFAULT`,
        ),
      ]
    : [setDefault(own)];
}

export const defaultRule: KindRule = {
  kind: 'default',
  rebuilt: () => true,
  inline: (object) =>
    object.details['inherited'] === true ? undefined : `DEFAULT ${textOf(object, 'expression')}`,
  create: (object) => [setDefault(object)],
  drop: (object) => [
    statement(
      `ALTER TABLE ONLY ${textOf(object, 'table')} ALTER COLUMN ${textOf(object, 'column')} DROP DEFAULT`,
    ),
  ],
  alter: [{ attributes: ['expression'], apply: ({ after }) => [setDefault(after)] }],
};

function setDefault(object: DatabaseObject): RuleStatement {
  const { table, column, expression } = object.attributes;
  return statement(
    `ALTER TABLE ONLY ${wordOf(table)} ALTER COLUMN ${wordOf(column)} SET DEFAULT ${wordOf(expression)}`,
  );
}
