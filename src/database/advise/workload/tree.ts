/** A node of PostgreSQL's parse tree as libpg-query hands it over: one key, its kind, and the node's fields. */
export type Tree = Readonly<Record<string, unknown>>;

/** The fields of a node when it is of this kind. */
export function nodeOf(value: unknown, kind: string): Tree | undefined {
  if (!isTree(value)) return undefined;
  const fields = value[kind];
  return isTree(fields) ? fields : undefined;
}

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOfTrees = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The text of a String node. */
export const textOfNode = (value: unknown): string => {
  const text = nodeOf(value, 'String')?.['sval'];
  return typeof text === 'string' ? text : '';
};

/** The parts of a name: `["public", "users"]`. */
export const pathOf = (value: unknown): string[] => listOfTrees(value).map(textOfNode);

/** The operator of an A_Expr, without its schema. */
export const operatorOf = (expression: Tree): string => pathOf(expression['name']).at(-1) ?? '';
