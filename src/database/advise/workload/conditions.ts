import { printExpression } from './print-expression.ts';
import type { Scope } from './scope.ts';
import type { SpecialTest, TableUse } from './table-use.ts';
import { isTree, listOfTrees, nodeOf, operatorOf, pathOf, type Tree } from './tree.ts';

/** Notes what a WHERE, ON or HAVING asks of the tables; `loosely` below an OR. */
export function readCondition(value: unknown, scope: Scope, loosely = false): void {
  const bool = nodeOf(value, 'BoolExpr');
  if (bool !== undefined) {
    const isOr = bool['boolop'] === 'OR_EXPR';
    if (bool['boolop'] === 'NOT_EXPR') {
      readNegation(value, bool, scope, loosely);
      return;
    }
    for (const part of listOfTrees(bool['args'])) readCondition(part, scope, loosely || isOr);
    return;
  }
  const compared = nodeOf(value, 'A_Expr');
  if (compared !== undefined) readComparison(value, compared, scope, loosely);
  const nullTest = nodeOf(value, 'NullTest');
  if (nullTest !== undefined) readNullTest(nullTest, scope, loosely);
  const column = nodeOf(value, 'ColumnRef');
  if (column !== undefined) readFlag(column, scope, true, loosely);
  const link = nodeOf(value, 'SubLink');
  const test = link?.['testexpr'];
  if (link !== undefined && test !== undefined) noteColumn(test, scope, loosely ? 'loose' : 'joined');
}

type Place = 'equal' | 'joined' | 'ranged' | 'loose';

function noteColumn(value: unknown, scope: Scope, place: Place): boolean {
  const reference = nodeOf(value, 'ColumnRef');
  const found = reference === undefined ? undefined : scope.resolve(reference);
  if (found === undefined) return false;
  found.use[place].add(found.column);
  return true;
}

function readNegation(whole: unknown, bool: Tree, scope: Scope, loosely: boolean): void {
  const [only] = listOfTrees(bool['args']);
  const column = nodeOf(only, 'ColumnRef');
  if (column !== undefined) readFlag(column, scope, false, loosely);
  else if (nodeOf(only, 'SubLink') !== undefined) readCondition(only, scope, true);
  else noteConstant(whole, only, scope, loosely);
}

/** A bare boolean column, or its negation. */
function readFlag(reference: Tree, scope: Scope, wanted: boolean, loosely: boolean): void {
  const found = scope.resolve(reference);
  if (found === undefined) return;
  found.use[loosely ? 'loose' : 'equal'].add(found.column);
  if (!loosely)
    found.use.constant.set(`${wanted ? '' : 'NOT '}"${found.column.replaceAll('"', '""')}"`, found.column);
}

function readNullTest(test: Tree, scope: Scope, loosely: boolean): void {
  const reference = nodeOf(test['arg'], 'ColumnRef');
  const found = reference === undefined ? undefined : scope.resolve(reference);
  if (found === undefined || loosely) return;
  const isNull = test['nulltesttype'] !== 'IS_NOT_NULL';
  if (isNull) found.use.equal.add(found.column);
  found.use.constant.set(
    `"${found.column.replaceAll('"', '""')}" IS ${isNull ? '' : 'NOT '}NULL`,
    found.column,
  );
}

const RANGE = new Set(['<', '<=', '>', '>=']);

const SPECIAL: Readonly<Record<string, SpecialTest['test']>> = {
  '@>': 'contains',
  '<@': 'contains',
  '?': 'contains',
  '?|': 'contains',
  '?&': 'contains',
  '@?': 'contains',
  '@@': 'matches',
  '&&': 'overlaps',
};

function readComparison(whole: unknown, expression: Tree, scope: Scope, loosely: boolean): void {
  const { kind, lexpr, rexpr } = expression;
  const operator = operatorOf(expression);
  if (kind === 'AEXPR_IN' || (kind === 'AEXPR_OP_ANY' && operator === '=')) {
    noteSide(lexpr, rexpr, scope, operator === '<>' ? 'loose' : loosely ? 'loose' : 'equal');
    noteConstant(whole, lexpr, scope, loosely);
  } else if (kind === 'AEXPR_BETWEEN') noteSide(lexpr, rexpr, scope, loosely ? 'loose' : 'ranged');
  else if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE') readPattern(expression, scope);
  else if (kind !== 'AEXPR_OP') return;
  else if (operator === '=') readEquality(whole, lexpr, rexpr, scope, loosely);
  else if (RANGE.has(operator)) {
    noteSide(lexpr, rexpr, scope, loosely ? 'loose' : 'ranged');
    noteSide(rexpr, lexpr, scope, loosely ? 'loose' : 'ranged');
  } else if (operator === '<>') noteConstant(whole, lexpr, scope, loosely);
  else if (operator === '~~' || operator === '~~*') readPattern(expression, scope);
  else noteSpecial(lexpr, rexpr, operator, scope);
}

function readEquality(whole: unknown, left: unknown, right: unknown, scope: Scope, loosely: boolean): void {
  const tables = [left, right].map((side) => {
    const reference = nodeOf(side, 'ColumnRef');
    return reference === undefined ? undefined : scope.resolve(reference);
  });
  const isJoin = tables[0] !== undefined && tables[1] !== undefined && tables[0].use !== tables[1].use;
  const place: Place = loosely ? 'loose' : isJoin ? 'joined' : 'equal';
  noteSide(left, right, scope, place);
  noteSide(right, left, scope, place);
  noteConstant(whole, left, scope, loosely);
}

/** A column, or an expression over columns of one table that an index could be on. */
function noteSide(value: unknown, other: unknown, scope: Scope, place: Place): void {
  if (noteColumn(value, scope, place)) return;
  const found = expressionOf(value, scope);
  if (found !== undefined && expressionOf(other, scope)?.use !== found.use)
    found.use.expressions.add(found.text);
}

/** An expression that names columns of exactly one table of this query, and is more than a column. */
export function expressionOf(
  value: unknown,
  scope: Scope,
): { readonly use: TableUse; readonly text: string; readonly columns: readonly string[] } | undefined {
  if (!isTree(value) || nodeOf(value, 'A_Const') !== undefined) return undefined;
  const uses = new Set<TableUse>();
  const columns: string[] = [];
  const text = printExpression(value, (reference) => {
    const found = scope.resolve(reference);
    if (found === undefined || found.outer) return undefined;
    uses.add(found.use);
    columns.push(found.column);
    return found.column;
  });
  const [use] = uses;
  return text === undefined || use === undefined || uses.size !== 1 ? undefined : { use, text, columns };
}

/** A condition that holds no parameter and is about one table: a partial index could have it. */
function noteConstant(whole: unknown, side: unknown, scope: Scope, loosely: boolean): void {
  const reference = nodeOf(side, 'ColumnRef');
  const found = reference === undefined ? undefined : scope.resolve(reference);
  if (loosely || found === undefined || found.outer) return;
  const comparison = nodeOf(whole, 'A_Expr');
  if (comparison?.['kind'] !== 'AEXPR_OP') return;
  const printed = expressionOf(whole, scope);
  if (printed !== undefined && printed.columns.length === 1)
    found.use.constant.set(printed.text, found.column);
}

/** LIKE 'x%' is a range; LIKE '%x%' wants trigrams. A parameter may be either. */
function readPattern(expression: Tree, scope: Scope): void {
  const pattern = nodeOf(expression['rexpr'], 'A_Const')?.['sval'];
  const text = isTree(pattern) && typeof pattern['sval'] === 'string' ? pattern['sval'] : undefined;
  const operator = operatorOf(expression);
  if (operator.startsWith('!')) return;
  const isPrefix = operator === '~~' && (text === undefined || !/^[%_]/.test(text));
  const isInfix = operator === '~~*' || text === undefined || /^[%_]/.test(text);
  if (isPrefix) noteTest(expression['lexpr'], 'prefix', scope);
  if (isInfix) noteTest(expression['lexpr'], 'infix', scope);
}

function noteSpecial(left: unknown, right: unknown, operator: string, scope: Scope): void {
  const test = SPECIAL[operator];
  if (test === undefined) return;
  for (const side of [left, right]) noteTest(side, test, scope);
}

function noteTest(value: unknown, test: SpecialTest['test'], scope: Scope): void {
  const reference = nodeOf(value, 'ColumnRef');
  const found = reference === undefined ? undefined : scope.resolve(reference);
  if (found !== undefined && !found.outer) {
    const expression = `"${found.column.replaceAll('"', '""')}"`;
    found.use.special.push({ expression, column: found.column, test });
    return;
  }
  const printed = expressionOf(value, scope);
  if (printed !== undefined && pathOf(nodeOf(value, 'FuncCall')?.['funcname']).at(-1) !== 'to_tsquery') {
    printed.use.special.push({ expression: printed.text, column: undefined, test });
  }
}
