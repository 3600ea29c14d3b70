import { appendTo } from '../../core/multimap.ts';
import {
  type AttributeValue,
  type DatabaseModel,
  type DatabaseObject,
  flagOf,
  type ObjectId,
  textOf,
  wordOf,
} from '../model/database-model.ts';
import { alterColumn } from './alter-column.ts';
import { arrivals } from './inherited.ts';
import { type Change, type RuleContext, type RuleStatement, statement } from './rule.ts';

/** Empty for an ordinary NOT NULL; the fields exist since PostgreSQL 18 made it a constraint. */
interface NotNull {
  readonly name?: string;
  readonly noInherit?: boolean;
  readonly notValid?: boolean;
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
  if (wanted === undefined) return [alterColumn(after, 'DROP NOT NULL', { hazards: ['weaker-rules'] })];
  if (comesByItself(after, context)) return [];
  if (before?.notValid !== true && before !== undefined && wanted.notValid === true) {
    return [alterColumn(after, 'DROP NOT NULL'), ...addNamed(after, wanted, context)];
  }
  if (before !== undefined) return changeNamed(after, before, wanted, context);
  if (Object.keys(wanted).length > 0) return addNamed(after, wanted, context);
  return context.online
    ? onlineNotNull(after, context)
    : [alterColumn(after, 'SET NOT NULL', mayFail(table, column))];
}

/** What a column that comes with its parent's has to be told when the parent's may be null. */
export function ownNotNull(object: DatabaseObject, context: RuleContext): readonly RuleStatement[] {
  const wanted = asNotNull(object.attributes['notNull']);
  const bringers = arrivals(object, context).filter((id) => ['create', 'replace'].includes(context.fate(id)));
  const isTold = bringers.some((id) => context.target.objects.get(id)?.attributes['notNull'] !== undefined);
  if (wanted === undefined || bringers.length === 0 || isTold) return [];
  return Object.keys(wanted).length > 0
    ? addNamed(object, wanted, context)
    : [alterColumn(object, 'SET NOT NULL', mayFail(textOf(object, 'table'), textOf(object, 'name')))];
}

/** SET NOT NULL of the parent's column is SET NOT NULL of this one. It does not go by itself: a key may have made it this table's own. */
function comesByItself(after: DatabaseObject, context: RuleContext): boolean {
  const state = ({ objects }: DatabaseModel, id: string): boolean =>
    objects.get(id)?.attributes['notNull'] !== undefined;
  const { source, target } = context;
  return arrivals(after, context).some(
    (id) =>
      state(source, id) !== state(target, id) &&
      state(source, id) === state(source, after.id) &&
      state(target, id) === state(target, after.id),
  );
}

/** The form that has words for a name, NO INHERIT and NOT VALID. It scans in a transaction of its own. */
function addNamed(after: DatabaseObject, wanted: NotNull, { online }: RuleContext): readonly RuleStatement[] {
  const [table, column] = [textOf(after, 'table'), textOf(after, 'name')];
  const name = wanted.name ?? usualName(after);
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ${name} NOT NULL ${column}${wanted.noInherit === true ? ' NO INHERIT' : ''}`;
  if (wanted.notValid === true) return [statement(`${add} NOT VALID`)];
  if (!online) return [statement(add, mayFail(table, column))];
  return [
    statement(`${add} NOT VALID`, { commits: true }),
    statement(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`, {
      ...mayFail(table, column),
      commits: true,
    }),
  ];
}

const mayFail = (table: string, column: string): Omit<RuleStatement, 'sql'> => ({
  hazards: ['may-fail'],
  preflight: `SELECT count(*) FROM ${table} WHERE ${column} IS NULL`,
});

/**
 * SET NOT NULL scans the table under ACCESS EXCLUSIVE unless a valid CHECK already proves it:
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL
 */
function onlineNotNull(after: DatabaseObject, context: RuleContext): readonly RuleStatement[] {
  const table = textOf(after, 'table');
  const column = textOf(after, 'name');
  if (isProved(table, column, context)) return [alterColumn(after, 'SET NOT NULL')];
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

/** Whether a valid check that stays says so already. */
function isProved(table: string, column: string, { source, fate }: RuleContext): boolean {
  return (checksOf(source).get(`${table} CHECK ((${column} IS NOT NULL))`) ?? []).some(
    (id) => fate(id) === 'keep',
  );
}

/** Kept for each model: looked through for every column, checks would make large plans slow. */
const CHECKS = new WeakMap<DatabaseModel, ReadonlyMap<string, readonly ObjectId[]>>();

/** The valid checks of a model, by their table and what they say. */
function checksOf(model: DatabaseModel): ReadonlyMap<string, readonly ObjectId[]> {
  const known = CHECKS.get(model);
  if (known !== undefined) return known;
  const checks = new Map<string, ObjectId[]>();
  for (const object of model.objects.values()) {
    if (object.kind !== 'constraint' || flagOf(object, 'notValid')) continue;
    appendTo(checks, `${textOf(object, 'table')} ${textOf(object, 'definition')}`, object.id);
  }
  CHECKS.set(model, checks);
  return checks;
}

function changeNamed(
  after: DatabaseObject,
  before: NotNull,
  wanted: NotNull,
  { online }: RuleContext,
): readonly RuleStatement[] {
  const [table, column, usual] = [textOf(after, 'table'), textOf(after, 'name'), usualName(after)];
  const [old, name] = [before.name ?? usual, wanted.name ?? usual];
  return [
    ...(old === name ? [] : [statement(`ALTER TABLE ${table} RENAME CONSTRAINT ${old} TO ${name}`)]),
    ...(before.notValid === true && wanted.notValid !== true
      ? [
          statement(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`, {
            ...mayFail(table, column),
            ...(online ? { later: true } : {}),
          }),
        ]
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
