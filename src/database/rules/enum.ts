import { type DatabaseObject, listOf } from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { displaced } from './displace.ts';
import {
  type Change,
  type KindRule,
  type RuleStatement,
  renameBySqlName,
  statement,
  typeNames,
} from './rule.ts';

const labels = (object: DatabaseObject): readonly string[] => listOf(object, 'labels');

/**
 * New labels are added in place. Removing or reordering labels is not something PostgreSQL can do: the
 * type is made anew, and its columns move over by their text.
 */
export const enumRule: KindRule = {
  kind: 'enum',
  rename: renameBySqlName,
  parts: labels,
  renamePart: ({ sqlName }, label, name) => ({
    sql: `ALTER ${sqlName} RENAME VALUE ${quoteText(label)} TO ${quoteText(name)}`,
    reverse: `ALTER ${sqlName} RENAME VALUE ${quoteText(name)} TO ${quoteText(label)}`,
  }),
  names: typeNames,
  create: (object) => [
    statement(`CREATE ${object.sqlName} AS ENUM (${labels(object).map(quoteText).join(', ')})`),
  ],
  displace: displaced,
  alter: [{ attributes: ['labels'], apply: addLabels }],
};

function addLabels({ before, after }: Change): readonly RuleStatement[] | 'replace' {
  const old = labels(before);
  const wanted = labels(after);
  if (wanted.filter((label) => old.includes(label)).join('\0') !== old.join('\0')) return 'replace';
  return wanted.flatMap((label, at) => {
    if (old.includes(label)) return [];
    const previous = wanted[at - 1];
    const next = wanted.slice(at).find((later) => old.includes(later));
    const place =
      previous === undefined
        ? next === undefined
          ? ''
          : ` BEFORE ${quoteText(next)}`
        : next === undefined
          ? ''
          : ` AFTER ${quoteText(previous)}`;
    // A new label cannot be used in the transaction that adds it.
    // https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES
    return [statement(`ALTER ${after.sqlName} ADD VALUE ${quoteText(label)}${place}`, { commits: true })];
  });
}
