import { quoteName, quoteText } from '../../quote.ts';
import { isTree, listOfTrees, nodeOf, operatorOf, pathOf, type Tree } from './tree.ts';

/** Turns a reference into the column's name, or nothing when it is not of the table in question. */
export type NameColumn = (reference: Tree) => string | undefined;

/**
 * An expression over one table's columns as SQL without table names, as an index definition wants it;
 * nothing for what we do not print, or what has a parameter in it.
 */
export function printExpression(value: unknown, nameColumn: NameColumn): string | undefined {
  if (!isTree(value)) return undefined;
  const [kind = '', fields] = Object.entries(value)[0] ?? [];
  const printer = PRINTERS[kind];
  return printer === undefined || !isTree(fields) ? undefined : printer(fields, nameColumn);
}

type Printer = (fields: Tree, nameColumn: NameColumn) => string | undefined;

const PRINTERS: Readonly<Record<string, Printer>> = {
  ColumnRef: (fields, nameColumn) => {
    const name = nameColumn(fields);
    return name === undefined ? undefined : quoteName(name);
  },
  A_Const: (fields) => constantText(fields),
  TypeCast: (fields, nameColumn) => {
    const argument = printExpression(fields['arg'], nameColumn);
    const type = typeText(fields['typeName']);
    return argument === undefined || type === undefined ? undefined : `(${argument})::${type}`;
  },
  FuncCall: (fields, nameColumn) => {
    const path = pathOf(fields['funcname']);
    const given = listOfTrees(fields['args']).map((argument) => printExpression(argument, nameColumn));
    if (
      given.includes(undefined) ||
      ['agg_star', 'agg_distinct', 'agg_filter', 'over'].some((name) => name in fields)
    )
      return undefined;
    return `${path.map(quoteName).join('.')}(${given.join(', ')})`;
  },
  CoalesceExpr: (fields, nameColumn) => {
    const given = listOfTrees(fields['args']).map((argument) => printExpression(argument, nameColumn));
    return given.includes(undefined) ? undefined : `COALESCE(${given.join(', ')})`;
  },
  A_Expr: (fields, nameColumn) => {
    if (fields['kind'] !== 'AEXPR_OP') return undefined;
    const right = printExpression(fields['rexpr'], nameColumn);
    const operator = operatorOf(fields);
    const left = fields['lexpr'] === undefined ? '' : printExpression(fields['lexpr'], nameColumn);
    return left === undefined || right === undefined ? undefined : `(${left} ${operator} ${right})`;
  },
};

/** Constants as the grammar keeps them. A missing value is zero or false: that is how protobuf writes them. */
function constantText(fields: Tree): string | undefined {
  if (fields['isnull'] === true) return 'NULL';
  for (const [kind, print] of Object.entries(CONSTANTS)) {
    const value = fields[kind];
    if (isTree(value)) return print(value);
  }
  return undefined;
}

const CONSTANTS: Readonly<Record<string, (value: Tree) => string>> = {
  ival: ({ ival = 0 }) => String(ival),
  fval: ({ fval = '0' }) => String(fval),
  sval: ({ sval = '' }) => quoteText(String(sval)),
  boolval: ({ boolval = false }) => String(boolval),
};

/** The type of a cast without its parameters' expressions: arrays and lengths are rare enough to leave out. */
function typeText(value: unknown): string | undefined {
  const type = isTree(value) ? (nodeOf(value, 'TypeName') ?? value) : undefined;
  if (type === undefined || type['typmods'] !== undefined || type['arrayBounds'] !== undefined)
    return undefined;
  const path = pathOf(type['names']);
  return path.length === 0 ? undefined : path.map(quoteName).join('.');
}
