/**
 * Compares two strings by UTF-16 code unit: the same on every machine, unlike locale order, so that
 * what we write does not depend on where it was written.
 */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A sorted copy of `items` by a text key. */
export function sortByText<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  return [...items].sort((left, right) => compareText(key(left), key(right)));
}

/**
 * Groups `nodes` into strongly connected components, dependencies before dependents (Tarjan 1972).
 * A component of more than one node, or a node that depends on itself, is a cycle. The order is
 * decided by the order of `nodes` and of each dependency list alone. Iterative: depth is bounded by
 * memory, not by the call stack.
 */
export function stronglyConnectedComponents<T>(
  nodes: Iterable<T>,
  dependenciesOf: (node: T) => Iterable<T>,
): T[][] {
  interface Frame {
    readonly node: T;
    readonly rest: Iterator<T>;
  }
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const onStack = new Set<T>();
  const stack: T[] = [];
  const components: T[][] = [];
  const frames: Frame[] = [];

  const enter = (node: T): void => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    frames.push({ node, rest: dependenciesOf(node)[Symbol.iterator]() });
  };
  const lower = (node: T, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  const leave = ({ node }: Frame): void => {
    const parent = frames.at(-1);
    if (parent !== undefined) lower(parent.node, low.get(node) ?? 0);
    if (low.get(node) !== index.get(node)) return;
    const start = stack.lastIndexOf(node);
    const component = stack.splice(start);
    for (const member of component) onStack.delete(member);
    components.push(component);
  };

  for (const root of nodes) {
    if (index.has(root)) continue;
    enter(root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.rest.next();
      if (next.done) {
        frames.pop();
        leave(frame);
      } else if (!index.has(next.value)) {
        enter(next.value);
      } else if (onStack.has(next.value)) {
        lower(frame.node, index.get(next.value) ?? 0);
      }
    }
  }
  return components;
}
