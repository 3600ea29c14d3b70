import { type DatabaseObject, textOf } from '../model/database-model.ts';
import { type RuleStatement, statement } from './rule.ts';

/** `ALTER TABLE t ALTER COLUMN c ...`; foreign tables are altered under their own name. */
export function alterColumn(
  object: DatabaseObject,
  words: string,
  options: Omit<RuleStatement, 'sql'> = {},
): RuleStatement {
  const table = object.details['foreign'] === true ? 'FOREIGN TABLE' : 'TABLE';
  return statement(
    `ALTER ${table} ${textOf(object, 'table')} ALTER COLUMN ${textOf(object, 'name')} ${words}`,
    options,
  );
}
