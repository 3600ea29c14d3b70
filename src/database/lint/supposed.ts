import type { Hazard } from '../hazards.ts';
import type { Statement } from '../sources/statements.ts';
import type { Finding } from './finding.ts';
import { commandsOf, hasOption, nodeAt, nodesIn, relationName, someNode, type Tree, wordIn } from './tree.ts';

/**
 * What a statement that could not be run would do at worst, by its kind alone: for files without the
 * schema they are for. Levels and rewrites are those of https://www.postgresql.org/docs/current/sql-altertable.html
 */
export function supposedFindings({ node, tree }: Statement): readonly Finding[] {
  const root = nodeAt({ tree }, 'tree');
  const about = aboutOf(root);
  return (SUPPOSED[node]?.(root) ?? []).map((hazard) => ({ hazard, about, tables: [] }));
}

function aboutOf(tree: Tree): string {
  const relation = relationName(nodeAt(tree, 'relation'));
  if (relation !== '') return relation;
  if (wordIn(tree, 'dbname') !== '') return wordIn(tree, 'dbname');
  const names = nodesIn(tree, 'objects').flatMap((object) => nodesIn(nodeAt(object, 'List'), 'items'));
  return names.map((name) => wordIn(nodeAt(name, 'String'), 'sval')).join('.');
}

const SUPPOSED: Readonly<Record<string, (tree: Tree) => readonly Hazard[]>> = {
  IndexStmt: (tree) => [
    ...(tree['concurrent'] === true ? [] : (['blocking-build'] as const)),
    ...(tree['unique'] === true ? (['may-fail'] as const) : []),
  ],
  DropStmt: (tree) => [
    ...(DROPPED[wordIn(tree, 'removeType')] ?? []),
    ...(wordIn(tree, 'behavior') === 'DROP_CASCADE' ? (['cascade'] as const) : []),
  ],
  RenameStmt: (tree) =>
    ['OBJECT_INDEX', 'OBJECT_TABCONSTRAINT', 'OBJECT_TRIGGER', 'OBJECT_POLICY'].includes(
      wordIn(tree, 'renameType'),
    )
      ? []
      : ['renames'],
  AlterTableStmt: (tree) =>
    commandsOf(tree).flatMap((command) => COMMANDS[wordIn(command, 'subtype')]?.(command) ?? []),
  TruncateStmt: () => ['data-loss'],
  DeleteStmt: (tree) => [
    ...(takesAll(tree) ? (['data-loss', 'unbounded-write'] as const) : []),
    ...beforehand(tree),
  ],
  UpdateStmt: (tree) => [...(takesAll(tree) ? (['unbounded-write'] as const) : []), ...beforehand(tree)],
  SelectStmt: beforehand,
  InsertStmt: beforehand,
  ClusterStmt: () => ['table-rewrite'],
  VacuumStmt: (tree) => (hasOption(nodesIn(tree, 'options'), 'full') ? ['table-rewrite'] : []),
  ReindexStmt: (tree) => (hasOption(nodesIn(tree, 'params'), 'concurrently') ? [] : ['blocking-build']),
  RefreshMatViewStmt: (tree) => (tree['concurrent'] === true ? [] : ['blocking-refresh']),
  DropdbStmt: () => ['data-loss'],
  DropOwnedStmt: () => ['data-loss', 'changes-access'],
  DropRoleStmt: () => ['changes-access'],
  AlterRoleStmt: () => ['changes-access'],
  GrantRoleStmt: () => ['changes-access'],
  CreateTrigStmt: () => ['changes-access'],
  CreatePolicyStmt: () => ['changes-access'],
};

/** Whether no condition is said, or one that is always true. */
const takesAll = ({ whereClause }: Tree): boolean =>
  whereClause === undefined || nodeAt(whereClause, 'A_Const', 'boolval')['boolval'] === true;

/** What a statement does in its WITH. */
function beforehand(tree: Tree): readonly Hazard[] {
  const queries = nodesIn(nodeAt(tree, 'withClause'), 'ctes').flatMap((cte) =>
    Object.entries(nodeAt(cte, 'CommonTableExpr', 'ctequery')),
  );
  const found = queries.flatMap(([node, query]) =>
    ['DeleteStmt', 'UpdateStmt'].includes(node) ? (SUPPOSED[node]?.(nodeAt({ query }, 'query')) ?? []) : [],
  );
  return [...new Set(found)];
}

const DROPPED: Readonly<Record<string, readonly Hazard[]>> = {
  OBJECT_TABLE: ['data-loss'],
  OBJECT_SEQUENCE: ['data-loss'],
  OBJECT_SCHEMA: ['data-loss'],
  OBJECT_VIEW: ['breaks-clients'],
  OBJECT_MATVIEW: ['breaks-clients'],
  OBJECT_FUNCTION: ['breaks-clients'],
  OBJECT_TYPE: ['breaks-clients'],
  OBJECT_TRIGGER: ['changes-access'],
  OBJECT_POLICY: ['changes-access'],
};

const COMMANDS: Readonly<Record<string, (command: Tree) => readonly Hazard[]>> = {
  AT_AddConstraint: (command) => constraintHazards(nodeAt(command, 'def', 'Constraint')),
  AT_AddColumn: addColumn,
  AT_AlterColumnType: () => ['table-rewrite', 'may-fail', 'type-change'],
  AT_SetNotNull: () => ['blocking-scan', 'may-fail'],
  AT_DropNotNull: () => ['weaker-rules'],
  AT_DropColumn: () => ['data-loss'],
  AT_DropConstraint: () => ['weaker-rules'],
  AT_SetLogged: () => ['table-rewrite'],
  AT_SetUnLogged: () => ['table-rewrite'],
  AT_SetTableSpace: () => ['table-rewrite'],
  AT_AttachPartition: () => ['blocking-scan'],
  AT_DetachPartition: () => ['changes-access'],
  AT_DropInherit: () => ['changes-access'],
  AT_EnableRowSecurity: () => ['changes-access'],
  AT_DisableRowSecurity: () => ['changes-access'],
  AT_EnableTrig: () => ['changes-access'],
  AT_DisableTrig: () => ['changes-access'],
};

function constraintHazards(constraint: Tree): readonly Hazard[] {
  const type = wordIn(constraint, 'contype');
  if (['CONSTR_CHECK', 'CONSTR_FOREIGN', 'CONSTR_NOTNULL'].includes(type)) {
    return constraint['skip_validation'] === true ? [] : ['blocking-scan', 'may-fail'];
  }
  const isBuilt = wordIn(constraint, 'indexname') === '';
  if (['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'].includes(type)) {
    return isBuilt ? ['blocking-build', 'may-fail'] : [];
  }
  return [];
}

function addColumn(command: Tree): readonly Hazard[] {
  const column = nodeAt(command, 'def', 'ColumnDef');
  const constraints = nodesIn(column, 'constraints').map((item) => nodeAt(item, 'Constraint'));
  const find = (type: string): Tree | undefined =>
    constraints.find((item) => wordIn(item, 'contype') === type);
  const value = find('CONSTR_DEFAULT');
  const isSerial = someNode(
    nodesIn(nodeAt(column, 'typeName'), 'names'),
    (name, word) => name === 'sval' && /^(?:big|small)?serial[248]?$/.test(String(word)),
  );
  const isComputed = value !== undefined && someNode(value['raw_expr'], (name) => name === 'FuncCall');
  const isStored = wordIn(find('CONSTR_GENERATED'), 'generated_kind') === 's';
  const isRequired = find('CONSTR_NOTNULL') !== undefined && value === undefined && !isSerial;
  const isKey = find('CONSTR_PRIMARY') !== undefined || find('CONSTR_UNIQUE') !== undefined;
  return [
    ...(isSerial || isComputed || isStored || find('CONSTR_IDENTITY') !== undefined
      ? (['table-rewrite'] as const)
      : []),
    ...(isRequired ? (['may-fail', 'required-column'] as const) : []),
    ...(isKey ? (['blocking-build'] as const) : []),
    ...(find('CONSTR_CHECK') === undefined ? [] : (['blocking-scan'] as const)),
  ];
}
