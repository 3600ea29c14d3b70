import { describe, expect, test } from 'vitest';
import { AREAS } from '../src/database/inspect/areas.ts';
import { RULES } from '../src/database/rules/rules.ts';
import { filesBelow, readText } from './support/repository.ts';

const kinds = RULES.map(({ kind }) => kind);

describe('kinds of object', () => {
  test('every kind that inspection reads has a rule, and every rule something to apply to', () => {
    const read = AREAS.flatMap(({ sql }) =>
      [...sql(180_000).matchAll(/'(\w+)'(?: END)? AS kind/g)].map(([, kind]) => kind),
    );
    expect(new Set([...read, 'view'])).toEqual(new Set(kinds));
  });

  test('every area can be asked of every supported version', () => {
    const versions = [130_000, 140_000, 150_000, 160_000, 170_000, 180_000];
    const asked = AREAS.flatMap(({ sql }) => versions.map((version) => sql(version)));
    expect(asked.filter((sql) => sql.includes('undefined'))).toEqual([]);
  });

  test('docs/coverage.md lists exactly the kinds there are', () => {
    const listed = [...readText('docs/coverage.md').matchAll(/^\| [^|]+ \| `(\w+)` \|/gm)].map(
      ([, kind]) => kind,
    );
    expect(new Set(listed)).toEqual(new Set(kinds));
    expect(listed).toHaveLength(kinds.length);
  });

  test('the differ, the planner and the proof ask the rule and never the kind', () => {
    const shared = [
      'src/database/diff.ts',
      'src/database/prove.ts',
      ...filesBelow('src/database/plan', '.ts').filter((file) => !EXCEPTIONS.has(file)),
    ];
    const literal = new RegExp(`'(?:${kinds.join('|')})'`);
    expect(shared.filter((file) => literal.test(readText(file)))).toEqual([]);
  });
});

/** Files of the planner that are about one kind, with the reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['src/database/plan/default-privileges.ts', 'turns one kind, default privileges, into another, grants'],
  ['src/database/plan/name.ts', 'names a file after a table rather than after an index'],
]);
