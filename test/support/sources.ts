import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSpec } from '../../src/scaffold/index.ts';
import type { JsonObject } from '../../src/scaffold/model/json.ts';
import { folderWith } from './scratch-folder.ts';

/** What sources become: the document, and code and line of everything that is told besides. */
export interface ReadSources {
  readonly document: JsonObject;
  readonly told: readonly string[];
}

/** The document of source files, read as `scaffold DIR --generate-spec` reads a folder. */
export async function readSources(
  files: Readonly<Record<string, string>>,
  { withFiles = false }: { readonly withFiles?: boolean } = {},
): Promise<ReadSources> {
  const folder = folderWith(files);
  const output = join(folder, 'openapi.json');
  const request = { path: folder, shown: 'src', output, shownOutput: 'openapi.json' };
  const { diagnostics } = await generateSpec(request);
  const told = diagnostics.map(
    ({ code, location }) => `${code} ${withFiles ? `${location?.file}:` : ''}${location?.line}`,
  );
  return { document: JSON.parse(await readFile(output, 'utf8')) as JsonObject, told };
}
