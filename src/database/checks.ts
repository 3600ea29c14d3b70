import { loadModule, parseSync } from 'libpg-query';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';

/** One thing that a CHECK demands of one column; of a domain the column is `value`. */
export type CheckFact =
  | { readonly kind: 'compare'; readonly column: string; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'length'; readonly column: string; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly (string | number)[] }
  | { readonly kind: 'matches'; readonly column: string; readonly pattern: string };

/**
 * What a CHECK constraint, as pg_get_constraintdef prints it, demands of single columns. Read from
 * PostgreSQL's own syntax tree; conditions of any other form are left out, so the facts are necessary
 * for a row to be accepted, and not always sufficient.
 */
export async function readCheck(definition: string): Promise<CheckFact[]> {
  await loadModule();
  const tree: unknown = parseSync(`ALTER TABLE t ADD ${definition}`);
  return conditions(
    at(
      tree,
      'stmts',
      0,
      'stmt',
      'AlterTableStmt',
      'cmds',
      0,
      'AlterTableCmd',
      'def',
      'Constraint',
      'raw_expr',
    ),
  );
}

/** The part of a syntax tree at a path of keys, or undefined where the path leaves it. Its shape is PostgreSQL's parsenodes.h. */
function at(tree: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    tree,
  );
}

const listAt = (tree: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(tree, ...path);
  return Array.isArray(found) ? found : [];
};

function conditions(tree: unknown): CheckFact[] {
  if (at(tree, 'BoolExpr', 'boolop') === 'AND_EXPR')
    return listAt(tree, 'BoolExpr', 'args').flatMap(conditions);
  const fact = at(tree, 'A_Expr') === undefined ? undefined : expression(at(tree, 'A_Expr'));
  return fact === undefined ? [] : [fact];
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '=': '=',
};

/** `5 < x` is `x > 5`. */
const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
};

function expression(tree: unknown): CheckFact | undefined {
  const operator = String(at(tree, 'name', 0, 'String', 'sval') ?? '');
  const [left, right] = [bare(at(tree, 'lexpr')), bare(at(tree, 'rexpr'))];
  const kind = at(tree, 'kind');
  if (kind === 'AEXPR_OP_ANY' && operator === '=') return membership(left, right);
  if (kind !== 'AEXPR_OP') return undefined;
  if (operator === '~') return matching(left, right);
  const op = COMPARISONS[operator];
  if (op === undefined) return undefined;
  return comparison(left, op, right) ?? comparison(right, MIRRORED[op], left);
}

function comparison(left: unknown, op: Comparison, right: unknown): CheckFact | undefined {
  const value = constant(right);
  const column = columnName(left);
  if (column !== undefined && op === '=' && typeof value === 'string')
    return { kind: 'in', column, values: [value] };
  if (typeof value !== 'number') return undefined;
  if (column !== undefined) return { kind: 'compare', column, op, value };
  const measured = measuredColumn(left);
  return measured === undefined ? undefined : { kind: 'length', column: measured, op, value };
}

/** Functions that count characters: https://www.postgresql.org/docs/current/functions-string.html */
const LENGTHS: readonly unknown[] = ['length', 'char_length', 'character_length'];

function measuredColumn(tree: unknown): string | undefined {
  const name = listAt(tree, 'FuncCall', 'funcname').at(-1);
  const [argument, ...more] = listAt(tree, 'FuncCall', 'args');
  if (!LENGTHS.includes(at(name, 'String', 'sval')) || more.length > 0) return undefined;
  return columnName(bare(argument));
}

function membership(left: unknown, right: unknown): CheckFact | undefined {
  const column = columnName(left);
  const values = listAt(right, 'A_ArrayExpr', 'elements').map((element) => constant(bare(element)));
  if (column === undefined || values.length === 0) return undefined;
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? { kind: 'in', column, values: known } : undefined;
}

function matching(left: unknown, right: unknown): CheckFact | undefined {
  const column = columnName(left);
  const pattern = constant(right);
  return column === undefined || typeof pattern !== 'string'
    ? undefined
    : { kind: 'matches', column, pattern };
}

/** The inside of casts: PostgreSQL writes one around nearly every column and constant. */
function bare(tree: unknown): unknown {
  const inside = at(tree, 'TypeCast', 'arg');
  return inside === undefined ? tree : bare(inside);
}

/** The name of a column that stands alone, without a table. */
function columnName(tree: unknown): string | undefined {
  const fields = listAt(tree, 'ColumnRef', 'fields');
  const name = at(fields[0], 'String', 'sval');
  return fields.length === 1 && typeof name === 'string' ? name : undefined;
}

/** A number or a text; protobuf leaves a zero out. Numbers that JavaScript would round are not facts. */
function constant(tree: unknown): string | number | undefined {
  const value = at(tree, 'A_Const');
  if (value === undefined || at(value, 'isnull') === true) return negated(tree);
  const text = at(value, 'sval');
  if (text !== undefined) return String(at(text, 'sval') ?? '');
  if (at(value, 'ival') !== undefined) return Number(at(value, 'ival', 'ival') ?? 0);
  const written = String(at(value, 'fval', 'fval') ?? '');
  return written !== '' && String(Number(written)) === written ? Number(written) : undefined;
}

function negated(tree: unknown): number | undefined {
  const isMinus =
    at(tree, 'A_Expr', 'name', 0, 'String', 'sval') === '-' && at(tree, 'A_Expr', 'lexpr') === undefined;
  const value = isMinus ? constant(bare(at(tree, 'A_Expr', 'rexpr'))) : undefined;
  return typeof value === 'number' ? -value : undefined;
}
