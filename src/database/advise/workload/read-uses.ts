import type { Catalog } from '../../analyze/facts/catalog.ts';
import { expressionOf, readCondition } from './conditions.ts';
import { aliasOf, isStar, Scope } from './scope.ts';
import type { TableUse } from './table-use.ts';
import { isTree, listOfTrees, nodeOf, operatorOf, type Tree } from './tree.ts';

/** How a parsed statement uses the tables of a schema, query by query. */
export function readUses(catalog: Catalog, statement: unknown): TableUse[] {
  const uses: TableUse[] = [];
  readQuery(statement, { catalog, parent: undefined, computed: new Set(), uses });
  return uses;
}

interface Context {
  readonly catalog: Catalog;
  readonly parent: Scope | undefined;
  /** Names of WITH queries. */
  readonly computed: ReadonlySet<string>;
  readonly uses: TableUse[];
}

function readQuery(statement: unknown, context: Context): void {
  const select = nodeOf(statement, 'SelectStmt');
  if (select !== undefined) readSelect(select, context);
  const update = nodeOf(statement, 'UpdateStmt');
  if (update !== undefined) readChange(update, 'fromClause', context);
  const removal = nodeOf(statement, 'DeleteStmt');
  if (removal !== undefined) readChange(removal, 'usingClause', context);
  const insertion = nodeOf(statement, 'InsertStmt');
  if (insertion !== undefined) readQuery(insertion['selectStmt'], withQueries(insertion, context));
}

/** Reads the WITH queries and knows their names from then on. */
function withQueries(statement: Tree, context: Context): Context {
  const clause = statement['withClause'];
  const queries = isTree(clause) ? listOfTrees((nodeOf(clause, 'WithClause') ?? clause)['ctes']) : [];
  let computed = context.computed;
  for (const query of queries) {
    const fields = nodeOf(query, 'CommonTableExpr');
    if (fields === undefined) continue;
    computed = new Set([...computed, String(fields['ctename'])]);
    readQuery(fields['ctequery'], { ...context, computed });
  }
  return { ...context, computed };
}

function readSelect(select: Tree, outer: Context): void {
  const context = withQueries(select, outer);
  // The arms of a UNION are bare selects, without the node around them.
  if (isTree(select['larg'])) {
    for (const arm of [select['larg'], select['rarg']]) {
      if (isTree(arm)) readSelect(nodeOf(arm, 'SelectStmt') ?? arm, context);
    }
    return;
  }
  const scope = new Scope(context.catalog, context.parent, context.computed);
  for (const item of listOfTrees(select['fromClause'])) readFrom(item, scope, context);
  readCondition(select['whereClause'], scope);
  readOrder(select, scope);
  const clauses = [
    'targetList',
    'whereClause',
    'groupClause',
    'havingClause',
    'sortClause',
    'windowClause',
    'distinctClause',
    'fromClause',
  ];
  for (const clause of clauses) readColumns(select[clause], scope, context);
  context.uses.push(...scope.uses());
}

function readChange(statement: Tree, from: string, outer: Context): void {
  const context = withQueries(statement, outer);
  const scope = new Scope(context.catalog, context.parent, context.computed);
  const target = statement['relation'];
  const use = isTree(target) ? scope.add(nodeOf(target, 'RangeVar') ?? target) : undefined;
  if (use !== undefined) {
    use.changed = true;
    for (const { name } of context.catalog.columnsOf(use.table)) use.read.add(name);
    for (const item of listOfTrees(statement['targetList'])) {
      use.written.add(String(nodeOf(item, 'ResTarget')?.['name'] ?? ''));
    }
  }
  for (const item of listOfTrees(statement[from])) readFrom(item, scope, context);
  readCondition(statement['whereClause'], scope);
  for (const clause of ['whereClause', 'targetList', from]) readColumns(statement[clause], scope, context);
  context.uses.push(...scope.uses());
}

function readFrom(item: unknown, scope: Scope, context: Context): void {
  const range = nodeOf(item, 'RangeVar');
  if (range !== undefined) scope.add(range);
  const join = nodeOf(item, 'JoinExpr');
  if (join !== undefined) {
    readFrom(join['larg'], scope, context);
    readFrom(join['rarg'], scope, context);
    readCondition(join['quals'], scope);
    for (const name of listOfTrees(join['usingClause'])) {
      const column = String(nodeOf(name, 'String')?.['sval'] ?? '');
      for (const use of scope.uses()) {
        if (context.catalog.columnsOf(use.table).some((candidate) => candidate.name === column)) {
          use.joined.add(column);
          use.read.add(column);
        }
      }
    }
  }
  const subquery = nodeOf(item, 'RangeSubselect');
  if (subquery !== undefined) {
    scope.addComputed(aliasOf(subquery) ?? '');
    readQuery(subquery['subquery'], { ...context, parent: scope });
  }
  const routine = nodeOf(item, 'RangeFunction');
  if (routine !== undefined) scope.addComputed(aliasOf(routine) ?? '');
}

/** ORDER BY, GROUP BY and DISTINCT, as far as they are columns of one table. */
function readOrder(select: Tree, scope: Scope): void {
  const sorts = listOfTrees(select['sortClause']).map((item) => nodeOf(item, 'SortBy') ?? {});
  const resolved = sorts.map((sort) => {
    const reference = nodeOf(sort['node'], 'ColumnRef');
    return reference === undefined ? undefined : scope.resolve(reference);
  });
  const [first] = resolved;
  if (first !== undefined && !first.outer && resolved.every((found) => found?.use === first.use)) {
    sorts.forEach((sort, at) => {
      const descending = sort['sortby_dir'] === 'SORTBY_DESC';
      const nulls = sort['sortby_nulls'];
      const nullsFirst = nulls === 'SORTBY_NULLS_FIRST' || (nulls !== 'SORTBY_NULLS_LAST' && descending);
      first.use.sorted.push({ column: resolved[at]?.column ?? '', descending, nullsFirst });
    });
    first.use.limited = select['limitCount'] !== undefined;
  }
  for (const sort of sorts) noteNearest(sort['node'], scope);
  for (const item of listOfTrees(select['groupClause'])) {
    const reference = nodeOf(item, 'ColumnRef');
    const found = reference === undefined ? undefined : scope.resolve(reference);
    if (found !== undefined && !found.outer) found.use.grouped.push(found.column);
  }
}

/** ORDER BY place <-> point. */
function noteNearest(value: unknown, scope: Scope): void {
  const expression = nodeOf(value, 'A_Expr');
  if (expression === undefined || operatorOf(expression) !== '<->') {
    const found = expressionOf(value, scope);
    if (found !== undefined && nodeOf(value, 'ColumnRef') === undefined)
      found.use.expressions.add(found.text);
    return;
  }
  for (const side of [expression['lexpr'], expression['rexpr']]) {
    const reference = nodeOf(side, 'ColumnRef');
    const found = reference === undefined ? undefined : scope.resolve(reference);
    if (found !== undefined) {
      found.use.special.push({ expression: `"${found.column}"`, column: found.column, test: 'nearest' });
    }
  }
}

/** Every column that is named anywhere, and the subqueries on the way. */
function readColumns(value: unknown, scope: Scope, context: Context): void {
  if (Array.isArray(value)) {
    for (const item of value) readColumns(item, scope, context);
    return;
  }
  if (!isTree(value)) return;
  const reference = nodeOf(value, 'ColumnRef');
  if (reference !== undefined) {
    if (isStar(reference)) scope.readAll(reference);
    const found = scope.resolve(reference);
    found?.use.read.add(found.column);
    return;
  }
  if (nodeOf(value, 'RangeSubselect') !== undefined) return;
  const link = nodeOf(value, 'SubLink');
  if (link !== undefined) readQuery(link['subselect'], { ...context, parent: scope });
  for (const [kind, fields] of Object.entries(value)) {
    if (kind !== 'subselect') readColumns(fields, scope, context);
  }
}
