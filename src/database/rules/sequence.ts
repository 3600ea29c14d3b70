import { type AttributeValue, type DatabaseObject, textOf, wordOf } from '../model/database-model.ts';
import { isGone } from './inherited.ts';
import {
  type Change,
  type KindRule,
  type RuleStatement,
  relationNames,
  renameBySqlName,
  statement,
} from './rule.ts';

/** CREATE SEQUENCE's clause for each attribute, all but the type. */
const CLAUSES: readonly (readonly [string, (value: string) => string])[] = [
  ['increment', (value) => `INCREMENT BY ${value}`],
  ['min', (value) => `MINVALUE ${value}`],
  ['max', (value) => `MAXVALUE ${value}`],
  ['start', (value) => `START WITH ${value}`],
  ['cache', (value) => `CACHE ${value}`],
  ['cycle', (value) => (value === 'true' ? 'CYCLE' : 'NO CYCLE')],
];

/** What a sequence of a type has when nothing is said: https://www.postgresql.org/docs/current/sql-createsequence.html */
const TOP: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

const USUAL: Readonly<Record<string, string>> = {
  increment: '1',
  min: '1',
  start: '1',
  cache: '1',
  cycle: 'false',
};

/** The clauses that differ from what a sequence of this type has anyway. */
export function sequenceClauses(
  attributes: Readonly<Record<string, AttributeValue>>,
  type: string,
): string[] {
  return CLAUSES.flatMap(([name, write]) => {
    const value = wordOf(attributes[name]);
    const usual = name === 'max' ? TOP[type] : USUAL[name];
    return value === '' || value === usual ? [] : [write(value)];
  });
}

/** The clauses for what changes from one sequence to another. */
export function sequenceChanges(
  from: Readonly<Record<string, AttributeValue>>,
  to: Readonly<Record<string, AttributeValue>>,
): string[] {
  return CLAUSES.flatMap(([name, write]) => (from[name] === to[name] ? [] : [write(wordOf(to[name]))]));
}

function alterSequence({ before, after }: Change): readonly RuleStatement[] {
  const type = textOf(after, 'type');
  const words = [
    ...(textOf(before, 'type') === type ? [] : [`AS ${type}`]),
    ...sequenceChanges(before.attributes, after.attributes),
  ];
  return [statement(`ALTER ${after.sqlName} ${words.join(' ')}`)];
}

export const sequenceRule: KindRule = {
  kind: 'sequence',
  rename: renameBySqlName,
  names: relationNames,
  dropHazard: () => 'data-loss',
  create: (object) => {
    const type = textOf(object, 'type');
    const unlogged = object.attributes['unlogged'] === true ? 'UNLOGGED ' : '';
    const words = [...(type === 'bigint' ? [] : [`AS ${type}`]), ...sequenceClauses(object.attributes, type)];
    return [statement([`CREATE ${unlogged}${object.sqlName}`, ...words].join(' '))];
  },
  droppedBy: (object, context) =>
    typeof object.details['ownedBy'] === 'string' && isGone(object, context)
      ? [object.details['ownedBy']]
      : [],
  alter: [
    {
      attributes: ['unlogged'],
      apply: ({ after, to }) => [
        statement(`ALTER ${after.sqlName} SET ${to('unlogged') === true ? 'UNLOGGED' : 'LOGGED'}`),
      ],
    },
    { attributes: ['type', 'increment', 'min', 'max', 'start', 'cache', 'cycle'], apply: alterSequence },
  ],
};

const own = (object: DatabaseObject): RuleStatement[] => [
  statement(`ALTER ${object.sqlName} OWNED BY ${textOf(object, 'column')}`),
];

export const sequenceOwnerRule: KindRule = {
  kind: 'sequence_owner',
  create: own,
  drop: ({ sqlName }) => [statement(`ALTER ${sqlName} OWNED BY NONE`)],
  // A sequence that stays has to let go of a column that does not.
  droppedBy: ({ references, owner }, { fate }) =>
    owner !== undefined && fate(owner) === 'drop' ? references : [],
  alter: [{ attributes: ['column'], apply: ({ after }) => own(after) }],
};
