import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from './repository.ts';

/** The JSON-Schema-Test-Suite, beside the repository: it is too large and too much others' to be in it. */
const SUITE = join(ROOT, '../shared/corpus/json-schema');

const TESTS = join(SUITE, 'tests/draft2020-12');

export const suiteIsHere = (): boolean => existsSync(TESTS);

/** One schema and the values that it accepts or refuses. */
export interface SuiteGroup {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** Every required file of the suite: name without ending, and its groups. The optional ones are left out. */
export function suiteFiles(): (readonly [file: string, groups: readonly SuiteGroup[]])[] {
  return readdirSync(TESTS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(TESTS, name), 'utf8'))]);
}

/** The suite's tests of formats that are asserted: name without ending, and its groups. */
export function formatFiles(): (readonly [file: string, groups: readonly SuiteGroup[]])[] {
  const folder = join(TESTS, 'optional', 'format');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
}

/** The documents that the suite's schemas refer to, by URI: its remotes, and the meta-schemas of 2020-12. */
export function suiteRemotes(): Map<string, Uint8Array> {
  const remotes = documentsBelow(join(SUITE, 'remotes'), 'http://localhost:1234/');
  const ajv = dirname(createRequire(import.meta.url).resolve('ajv/package.json'));
  const metaSchemas = documentsBelow(
    join(ajv, 'dist/refs/json-schema-2020-12'),
    'https://json-schema.org/draft/2020-12/',
  );
  return new Map([...remotes, ...metaSchemas]);
}

function documentsBelow(folder: string, base: string): (readonly [string, Uint8Array])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const uri = base + relative(folder, path).split(sep).join('/');
      return [base.includes('json-schema.org') ? uri.slice(0, -'.json'.length) : uri, readFileSync(path)];
    });
}
