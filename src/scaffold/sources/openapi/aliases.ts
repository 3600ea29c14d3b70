import { type Alias, type Document, isNode, type Node, visit } from 'yaml';

/** More aliases than any contract has; the parser's time grows with their square. */
const MAX_ALIASES = 5_000;

/** So many characters may aliases add to a document, as if each were written out. */
const MAX_ADDED = 20_000_000;

/**
 * Why the aliases of a document are not followed, or undefined. An alias costs what it stands for
 * wherever it stands, once for each time; what it stands for may hold aliases in turn.
 */
export function aliasProblem(document: Document): string | undefined {
  const anchors = new Map<string, Node>();
  /** What the aliases inside a node add to it. */
  const added = new Map<Node, number>();
  let [count, total] = [0, 0];
  let problem: string | undefined;
  const judge = (alias: Alias, ancestors: readonly unknown[]): void => {
    const source = anchors.get(alias.source);
    if (source === undefined) return;
    const size = lengthOf(source) + (added.get(source) ?? 0);
    count += 1;
    total += size;
    for (const ancestor of ancestors) {
      if (ancestor === source) problem = `the anchor ${alias.source} holds itself`;
      else if (isNode(ancestor)) added.set(ancestor, (added.get(ancestor) ?? 0) + size);
    }
    if (count > MAX_ALIASES) problem = `there are more than ${MAX_ALIASES} aliases`;
    if (total > MAX_ADDED) problem = 'written out, its aliases would fill more than 20 MB';
  };
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      judge(alias, ancestors);
      return problem === undefined ? undefined : visit.BREAK;
    },
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return problem;
}

const lengthOf = ({ range }: Node): number =>
  range === undefined || range === null ? 0 : range[2] - range[0];
