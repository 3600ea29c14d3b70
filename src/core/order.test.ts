import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortByText, stronglyConnectedComponents } from './order.ts';

describe('stronglyConnectedComponents', () => {
  const components = (graph: Readonly<Record<string, readonly string[]>>): string[][] =>
    stronglyConnectedComponents(Object.keys(graph), (node) => graph[node] ?? []);

  test('puts what is needed before what needs it', () => {
    expect(components({ a: ['b'], b: ['c'], c: [] })).toEqual([['c'], ['b'], ['a']]);
  });

  test('keeps a circle together', () => {
    expect(components({ a: ['b'], b: ['a'], c: ['a'] })).toEqual([['a', 'b'], ['c']]);
  });

  test('walks a chain that no call stack could', () => {
    const length = 100_000;
    const chain = stronglyConnectedComponents(
      Array.from({ length }, (_, at) => at),
      (at) => (at + 1 < length ? [at + 1] : []),
    );
    expect(chain).toHaveLength(length);
  });

  test('every edge between components leads to an earlier one', () => {
    const graphs = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(graphs, (graph) => {
        const found = stronglyConnectedComponents(graph.keys(), (node) => graph[node] ?? []);
        const position = new Map(found.flatMap((members, at) => members.map((node) => [node, at] as const)));
        expect(position.size).toBe(graph.length);
        graph.forEach((targets, node) => {
          for (const target of targets) {
            expect(position.get(target)).toBeLessThanOrEqual(position.get(node) ?? -1);
          }
        });
      }),
    );
  });
});

test('sortByText orders by code unit, whatever the locale', () => {
  expect(sortByText(['ä', 'b', 'Z', 'a'], (text) => text)).toEqual(['Z', 'a', 'b', 'ä']);
});
