import { type AttributeValue, type DatabaseObject, textOf, wordOf } from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { isGone } from './inherited.ts';
import {
  bareName,
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

type Bounds = Readonly<Record<string, AttributeValue>>;

/** Math.min and Math.max do not take what a sequence may count to. */
const byValue = (left: bigint, right: bigint): number => Number(left > right) - Number(left < right);

const numberOf = (bounds: Bounds, name: string): bigint => BigInt(wordOf(bounds[name]));

/**
 * The statements that move a sequence that was never used into bounds that it begins outside of: PostgreSQL refuses
 * bounds that the position is not within. One that is within them stays where it is. Empty where none are needed.
 */
export function movedInto(
  sequence: string,
  from: Bounds,
  to: Bounds,
  alter: (clauses: readonly string[]) => RuleStatement,
): readonly RuleStatement[] {
  const [start, low, high] = [numberOf(from, 'start'), numberOf(to, 'min'), numberOf(to, 'max')];
  if (start >= low && start <= high) return [];
  const [oldLow, oldHigh] = [numberOf(from, 'min'), numberOf(from, 'max')];
  const [least = low] = [low, oldLow].sort(byValue);
  const [, most = high] = [high, oldHigh].sort(byValue);
  const wide = [`MINVALUE ${least}`, `MAXVALUE ${most}`];
  const move = `SELECT pg_catalog.setval(${quoteText(sequence)}, ${wordOf(to['start'])}, false) FROM ${sequence}`;
  return [
    alter(wide),
    statement(`${move} WHERE last_value NOT BETWEEN ${low} AND ${high}`, { hazards: ['sequence-restart'] }),
  ];
}

function alterSequence({ before, after }: Change): readonly RuleStatement[] {
  const type = textOf(after, 'type');
  const isOther = textOf(before, 'type') !== type;
  const alter = (clauses: readonly string[]): RuleStatement =>
    statement(`ALTER ${after.sqlName} ${clauses.join(' ')}`);
  const words = [...(isOther ? [`AS ${type}`] : []), ...sequenceChanges(before.attributes, after.attributes)];
  const widest = (clauses: readonly string[]): RuleStatement =>
    alter([...(isOther ? ['AS bigint'] : []), ...clauses]);
  const moved = movedInto(bareName(after.sqlName), before.attributes, after.attributes, widest);
  // Bounds that were widened on the way have to be said again.
  const bounds = moved.length === 0 ? [] : boundsOf(after.attributes);
  return [...moved, alter([...words.filter((word) => !bounds.includes(word)), ...bounds])];
}

/** The clauses of both bounds. */
export const boundsOf = (bounds: Bounds): readonly string[] => [
  `MINVALUE ${numberOf(bounds, 'min')}`,
  `MAXVALUE ${numberOf(bounds, 'max')}`,
];

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
