/** PostgreSQL's parse tree as untyped data: https://github.com/pganalyze/libpg_query */
export type Tree = Readonly<Record<string, unknown>>;

const EMPTY: Tree = {};

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The node at a path, or an empty one. */
export function nodeAt(tree: unknown, ...path: readonly string[]): Tree {
  const found = path.reduce<unknown>((node, name) => (isTree(node) ? node[name] : undefined), tree);
  return isTree(found) ? found : EMPTY;
}

/** The list under a name, or an empty one. */
export function nodesIn(tree: unknown, name: string): readonly Tree[] {
  const found = isTree(tree) ? tree[name] : undefined;
  return Array.isArray(found) ? found.filter(isTree) : [];
}

/** The text under a name, or an empty one. */
export function wordIn(tree: unknown, name: string): string {
  const found = isTree(tree) ? tree[name] : undefined;
  return typeof found === 'string' ? found : '';
}

/** `schema.name` of a RangeVar, as it was written. */
export function relationName(range: Tree): string {
  const schema = wordIn(range, 'schemaname');
  return `${schema === '' ? '' : `${schema}.`}${wordIn(range, 'relname')}`;
}

/** The commands of an ALTER TABLE. */
export const commandsOf = (tree: unknown): readonly Tree[] =>
  nodesIn(tree, 'cmds').map((command) => nodeAt(command, 'AlterTableCmd'));

/** Whether a node anywhere below satisfies. */
export function someNode(tree: unknown, test: (name: string, value: unknown) => boolean): boolean {
  if (Array.isArray(tree)) return tree.some((item) => someNode(item, test));
  if (!isTree(tree)) return false;
  return Object.entries(tree).some(([name, value]) => test(name, value) || someNode(value, test));
}

/** Whether an option such as `full` or `concurrently` is among those of a statement. */
export const hasOption = (options: readonly Tree[], name: string): boolean =>
  options.some((option) => wordIn(nodeAt(option, 'DefElem'), 'defname') === name);
