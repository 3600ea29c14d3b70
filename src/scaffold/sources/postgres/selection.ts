/** Which tables and views become part of the interface. */
export interface Selection {
  /** Only these schemas; none given: all of the database's own. */
  readonly schemas: readonly string[];
  /** Only these, as `table` or `schema.table`; none given: all. */
  readonly tables: readonly string[];
  /** Not these; a column as `table.column`, which clients then neither see nor write. */
  readonly exclude: readonly string[];
  readonly readOnly: boolean;
}

/** Whether a table, by schema and name, was asked for. */
export function isSelected(
  { schemas, tables, exclude }: Selection,
  [schema = '', table = '']: readonly string[],
): boolean {
  const names = [table, `${schema}.${table}`];
  if (schemas.length > 0 && !schemas.includes(schema)) return false;
  if (tables.length > 0 && !names.some((name) => tables.includes(name))) return false;
  return !names.some((name) => exclude.includes(name));
}

/** Whether clients may know of a column. */
export const isVisible = (
  { exclude }: Selection,
  [schema = '', table = '']: readonly string[],
  column: string,
): boolean => !exclude.includes(`${table}.${column}`) && !exclude.includes(`${schema}.${table}.${column}`);
