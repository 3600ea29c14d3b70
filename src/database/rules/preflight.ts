import { type DatabaseModel, type DatabaseObject, listOf, textOf } from '../model/database-model.ts';
import { countDuplicates, countNulls, countOrphans, countUncastable, countViolations } from '../preflight.ts';
import type { RuleContext } from './rule.ts';

/** A list of plain or quoted names, as PostgreSQL prints it; nothing where there are expressions. */
const NAMES = String.raw`((?:"[^"]*"|[\w$]+)(?:, (?:"[^"]*"|[\w$]+))*)`;

const CHECK = /^CHECK \((.*)\)(?: NO INHERIT)?$/s;
const REFERENCES = new RegExp(
  String.raw`^FOREIGN KEY \(${NAMES}\) REFERENCES [^(]+\(${NAMES}\)(?! MATCH FULL)`,
);
const KEY = new RegExp(String.raw`^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? \(${NAMES}\)`);
const INDEX = new RegExp(
  String.raw` USING \w+ \(${NAMES}\)(?: INCLUDE \([^()]*\))?( NULLS NOT DISTINCT)?(?: WITH \([^()]*\))?(?: WHERE (.*))?$`,
  's',
);

const listed = (names = ''): readonly string[] => names.match(/"[^"]*"|[\w$]+/g) ?? [];

/** Counts the rows that a new constraint would refuse; undefined where no query says it. */
export function constraintPreflight(object: DatabaseObject): string | undefined {
  const [table, definition] = [textOf(object, 'table'), textOf(object, 'definition')];
  const expression = CHECK.exec(definition)?.[1];
  if (expression !== undefined) return countViolations(table, expression);
  const [, columns, keys] = REFERENCES.exec(definition) ?? [];
  if (keys !== undefined)
    return countOrphans(table, listed(columns), textOf(object, 'refersTo'), listed(keys));
  const [, word, nulls, unique] = KEY.exec(definition) ?? [];
  if (unique === undefined) return undefined;
  return countDuplicates(table, listed(unique), { nullsDistinct: word === 'UNIQUE' && nulls === undefined });
}

/** Counts the doubles that a new unique index would refuse. */
export function indexPreflight(object: DatabaseObject): string | undefined {
  const [, columns, nulls, predicate] = INDEX.exec(textOf(object, 'definition')) ?? [];
  if (columns === undefined) return undefined;
  const nullsDistinct = nulls === undefined;
  return countDuplicates(textOf(object, 'table'), listed(columns), {
    nullsDistinct,
    ...(predicate === undefined ? {} : { predicate }),
  });
}

/** Counts the values that the column's new type would refuse, where a query of the server's version can. */
export function castPreflight(
  before: DatabaseObject,
  after: DatabaseObject,
  { target, destination }: RuleContext,
): string | undefined {
  const type = textOf(after, 'type');
  const named = target.objects.get(`enum:${type}`);
  const labels = named === undefined ? undefined : listOf(named, 'labels');
  const [table, column] = [textOf(after, 'table'), textOf(after, 'name')];
  const version = destination?.version;
  return countUncastable(table, column, textOf(before, 'type'), type, { labels, version });
}

/** Columns that are of a domain. */
const columnsOfType = ({ objects }: DatabaseModel, type: string): readonly DatabaseObject[] =>
  [...objects.values()].filter(({ kind, attributes }) => kind === 'column' && attributes['type'] === type);

const added = (queries: readonly string[]): string | undefined =>
  queries.length < 2 ? queries[0] : `SELECT ${queries.map((query) => `(${query})`).join(' + ')} AS count`;

/** Counts the values of a domain that a new check would refuse, in every table that uses it. */
export function domainCheckPreflight(object: DatabaseObject, source: DatabaseModel): string | undefined {
  const expression = CHECK.exec(textOf(object, 'definition'))?.[1];
  if (expression === undefined) return undefined;
  const uses = columnsOfType(source, textOf(object, 'domain'));
  return added(
    uses.map((column) =>
      countViolations(textOf(column, 'table'), expression.replaceAll(/\bVALUE\b/g, textOf(column, 'name'))),
    ),
  );
}

/** Counts the NULLs in columns of a domain. */
export function domainNotNullPreflight(domain: string, source: DatabaseModel): string | undefined {
  return added(
    columnsOfType(source, domain).map((column) =>
      countNulls(textOf(column, 'table'), textOf(column, 'name')),
    ),
  );
}
