import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { FRAMEWORKS, type FrameworkName, generateServer } from '../../../src/scaffold/index.ts';
import type { Json } from './documents.ts';
import { type Outline, outlineOf } from './tree.ts';

/** What became of a document: refused with a code, or a program for each framework. */
export type Attempt =
  | { readonly refused: string }
  | { readonly outlines: ReadonlyMap<FrameworkName, Outline>; readonly paths: readonly string[] };

let folder: string | undefined;

/** Generates the servers of a document. Errors: anything that is thrown and is no explained failure. */
export async function attempt(document: Json): Promise<Attempt> {
  folder ??= mkdtempSync(join(tmpdir(), 'hostile-'));
  const path = join(folder, 'document.json');
  writeFileSync(path, JSON.stringify(document));
  const outlines = new Map<FrameworkName, Outline>();
  const paths = new Set<string>();
  try {
    for (const framework of Object.keys(FRAMEWORKS) as FrameworkName[]) {
      const { files } = await generateServer(
        { path, shown: 'document.json' },
        { framework, typesOnly: false, allowRefs: false, allowNetwork: false },
      );
      for (const file of files) paths.add(file.path);
      const written = files.filter((file) => !isTemplate(file.path));
      outlines.set(framework, outlineOf(new Map(written.map((file) => [file.path, file.content]))));
    }
  } catch (error) {
    if (error instanceof UserError) return { refused: error.code };
    throw error;
  }
  return { outlines, paths: [...paths] };
}

const isTemplate = (path: string): boolean => path.startsWith('runtime/') || path === 'errors.ts';
