import { describe, expect, test } from 'vitest';
import type { HttpMethod, Operation } from './api.ts';
import { mountOrder } from './precedence.ts';
import { compareRoutes, groupRoutes, overlap, type Route } from './routes.ts';

const operation = (tag: string, path: string, method: HttpMethod = 'get'): Operation => ({
  id: `${method} ${path}`,
  method,
  path,
  tag,
  deprecated: false,
  parameters: [],
  responses: [],
  security: [],
  place: { file: { name: 'test', locate: () => undefined } },
});

const route = (path: string): Route => {
  const [group] = groupRoutes([operation('t', path)]);
  if (group?.routes[0] === undefined) throw new Error('no route');
  return group.routes[0];
};

describe('compareRoutes', () => {
  test.each([
    ['/users/me', '/users/{id}'],
    ['/users/{id}.json', '/users/{id}'],
    ['/a/{x}/c', '/{y}/b/c'],
    ['/compare/{base}...{head}', '/compare/{ref}'],
  ])('%s comes before %s', (first, second) => {
    expect(compareRoutes(route(first), route(second))).toBeLessThan(0);
    expect(compareRoutes(route(second), route(first))).toBeGreaterThan(0);
  });
});

describe('overlap', () => {
  test.each([
    ['/users/me', '/users/{id}', true],
    ['/users/me', '/users/you', false],
    ['/users/me.xml', '/users/{id}.json', false],
    ['/a/{b}', '/{a}/b', true],
    ['/a/{b}', '/a/{b}/c', false],
    ['/a(b)*/{c}', '/a(b)*/c', true],
  ])('%s and %s: %s', (left, right, expected) => {
    expect(overlap(route(left), route(right))).toBe(expected);
  });
});

describe('mountOrder', () => {
  const order = (...operations: readonly Operation[]) => mountOrder(groupRoutes(operations));

  test('a group with a concrete path goes before the one whose template would hide it', () => {
    const { groups, hidden } = order(operation('open', '/users/{id}'), operation('concrete', '/users/me'));
    expect(groups.map(({ tag }) => tag)).toEqual(['concrete', 'open']);
    expect(hidden.size).toBe(0);
  });

  test('another method hides nothing', () => {
    const { groups } = order(operation('open', '/users/{id}'), operation('concrete', '/users/me', 'put'));
    expect(groups.map(({ tag }) => tag)).toEqual(['open', 'concrete']);
  });

  test('where two groups each hide the other, the one mounted first makes an exception', () => {
    const { groups, hidden } = order(
      operation('left', '/a/{x}'),
      operation('left', '/b/c'),
      operation('right', '/a/b'),
      operation('right', '/b/{x}'),
    );
    const exceptions = [...hidden].map(([open, concrete]) => [
      open.operation.path,
      concrete.map((other) => other.operation.path),
    ]);
    const expected = groups[0]?.tag === 'left' ? ['/a/{x}', ['/a/b']] : ['/b/{x}', ['/b/c']];
    expect(exceptions).toEqual([expected]);
  });
});
