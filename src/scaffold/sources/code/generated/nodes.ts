import type { Program } from 'oxc-parser';

/** Any node of a syntax tree, where it does not matter which. */
export interface AnyNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The nodes directly below one, in the order of the source. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) {
      for (const item of part) if (isNode(item)) yield item;
    } else if (isNode(part)) yield part;
  }
}

/** A node and everything below it; `enter` says where to go no further. */
export function* nodesWithin(
  root: AnyNode,
  enter: (node: AnyNode) => boolean = () => true,
): Generator<AnyNode> {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    if (enter(node)) pending.push(...[...childrenOf(node)].reverse());
  }
}

/** What a file's names are imported from: `[module, name]`, the name `*` for the whole module. */
export function importsOf({ body }: Program): Map<string, readonly [module: string, name: string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      const name =
        specifier.type === 'ImportSpecifier'
          ? specifier.imported.type === 'Identifier'
            ? specifier.imported.name
            : specifier.imported.value
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : '*';
      found.set(specifier.local.name, [statement.source.value, name]);
    }
  }
  return found;
}
