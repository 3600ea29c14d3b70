import { readFile } from 'node:fs/promises';
import { HEADER } from './header.ts';

/** templates/, three folders above both src/scaffold/emit and dist/scaffold/emit. */
const TEMPLATES = new URL('../../../templates/', import.meta.url);

const SHARED = [
  'contract.ts',
  'reply.ts',
  'failure.ts',
  'paths.ts',
  'parameters.ts',
  'query.ts',
  'shape.ts',
  'body.ts',
  'issues.ts',
  'zod.ts',
];

/** The files that every generated service holds as they are: path in the output folder to text. */
export async function runtimeFiles(adapter: string, usesJsonSchema: boolean): Promise<Map<string, string>> {
  const runtime = [...SHARED, adapter, ...(usesJsonSchema ? ['json-schema.ts'] : [])];
  const paths = ['errors.ts', ...runtime.map((name) => `runtime/${name}`)];
  const texts = await Promise.all(paths.map((path) => readFile(new URL(path, TEMPLATES), 'utf8')));
  return new Map(paths.map((path, at) => [path, HEADER + withoutLintComments(texts[at] ?? '')]));
}

/** Comments to our own linter mean nothing in somebody else's project. */
const withoutLintComments = (text: string): string => text.replaceAll(/^ *\/\/ biome-ignore.*\n/gm, '');
