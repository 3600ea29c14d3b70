import { type AttributeValue, type DatabaseObject, textOf, wordOf } from '../model/database-model.ts';
import { alterColumn } from './alter-column.ts';
import { type Change, type RuleStatement, statement } from './rule.ts';

/** Empty for an ordinary NOT NULL; the fields exist since PostgreSQL 18 made it a constraint. */
interface NotNull {
  readonly name?: string;
  readonly noInherit?: boolean;
  readonly notValid?: boolean;
  readonly inherited?: boolean;
}

const asNotNull = (value: AttributeValue | undefined): NotNull | undefined => value as NotNull | undefined;

/** The words of a NOT NULL inside a column definition. One that is not valid cannot be written there. */
export function notNullText(object: DatabaseObject): string[] {
  const notNull = asNotNull(object.attributes['notNull']);
  if (notNull === undefined) return [];
  const said = notNull.name ?? object.details['notNullName'];
  const name = said === undefined ? '' : `CONSTRAINT ${wordOf(said)} `;
  return [`${name}NOT NULL${notNull.noInherit === true ? ' NO INHERIT' : ''}`];
}

/** SET and DROP NOT NULL, and the named forms of PostgreSQL 18. */
export function notNullChange({ from, to, after, context }: Change): readonly RuleStatement[] {
  const [before, wanted] = [asNotNull(from('notNull')), asNotNull(to('notNull'))];
  const table = textOf(after, 'table');
  const column = textOf(after, 'name');
  if (wanted === undefined) return [alterColumn(after, 'DROP NOT NULL')];
  if (before !== undefined) return changeNamed(table, usualName(after), before, wanted);
  if (wanted.name !== undefined || wanted.notValid === true) {
    const valid = wanted.notValid === true ? ' NOT VALID' : '';
    const name = wanted.name === undefined ? '' : `CONSTRAINT ${wanted.name} `;
    return [statement(`ALTER TABLE ${table} ADD ${name}NOT NULL ${column}${valid}`, mayFail(table, column))];
  }
  return context.online ? onlineNotNull(after) : [alterColumn(after, 'SET NOT NULL', mayFail(table, column))];
}

const mayFail = (table: string, column: string): Omit<RuleStatement, 'sql'> => ({
  hazards: ['may-fail'],
  preflight: `SELECT count(*) FROM ${table} WHERE ${column} IS NULL`,
});

/**
 * SET NOT NULL scans the table under ACCESS EXCLUSIVE unless a valid CHECK already proves it:
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL
 */
function onlineNotNull(after: DatabaseObject): readonly RuleStatement[] {
  const table = textOf(after, 'table');
  const column = textOf(after, 'name');
  const check = '"senior_backend_not_null"';
  return [
    statement(`ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`, {
      commits: true,
    }),
    statement(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${check}`, {
      ...mayFail(table, column),
      commits: true,
    }),
    alterColumn(after, 'SET NOT NULL'),
    statement(`ALTER TABLE ${table} DROP CONSTRAINT ${check}`),
  ];
}

function changeNamed(
  table: string,
  usual: string,
  before: NotNull,
  wanted: NotNull,
): readonly RuleStatement[] {
  const [old, name] = [before.name ?? usual, wanted.name ?? usual];
  return [
    ...(old === name ? [] : [statement(`ALTER TABLE ${table} RENAME CONSTRAINT ${old} TO ${name}`)]),
    ...(before.notValid === true && wanted.notValid !== true
      ? [statement(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`)]
      : []),
    ...(before.noInherit === wanted.noInherit
      ? []
      : [
          statement(
            `ALTER TABLE ${table} ALTER CONSTRAINT ${name} ${wanted.noInherit === true ? 'NO INHERIT' : 'INHERIT'}`,
          ),
        ]),
  ];
}

/** The name that PostgreSQL gives when none is said, for names that need no quotes. */
function usualName(object: DatabaseObject): string {
  const table = textOf(object, 'table').split('.').at(-1) ?? '';
  const plain = `${table.replaceAll('"', '')}_${textOf(object, 'name').replaceAll('"', '')}_not_null`;
  return `"${plain.slice(0, 63)}"`;
}
