import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/repository.ts';

/** A real document that the generated server is tried on. */
export interface CorpusDocument {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  /** As the corpus's manifest counts them; unknown for documents that are not in it. */
  readonly operations: number | undefined;
}

const FOLDER = join(ROOT, '..', 'shared', 'corpus', 'openapi');

/** Whether the corpus stands beside the repository. */
export const hasCorpus = existsSync(FOLDER);

/** GitHub's own document from npm, our example, a test of names, and the corpus where there is one. */
export function corpusDocuments(): CorpusDocument[] {
  const own = [
    {
      name: '@octokit/openapi',
      path: join(ROOT, 'node_modules/@octokit/openapi/generated/api.github.com.json'),
    },
    { name: 'examples/orders', path: join(ROOT, 'examples/orders/openapi.yaml') },
    { name: 'names', path: join(ROOT, 'test/scaffold/documents/names.yaml') },
  ].map((document) => ({ ...document, operations: undefined }));
  if (!hasCorpus) return own;
  const manifest: readonly { file: string; operations: number }[] = JSON.parse(
    readFileSync(join(FOLDER, 'manifest.json'), 'utf8'),
  );
  return [
    ...own,
    ...manifest.map(({ file, operations }) => ({ name: file, path: join(FOLDER, file), operations })),
  ];
}
