import { openApiDocument } from '../../src/scaffold/emit/openapi/document.ts';
import { type FrameworkName, generateServer } from '../../src/scaffold/index.ts';
import { breakCircles } from '../../src/scaffold/model/circles.ts';
import { readServiceFiles } from '../../src/scaffold/sources/code/generated/open.ts';
import { readOpenApi, readOpenApiText } from '../../src/scaffold/sources/openapi/read.ts';
import { type Difference, differences } from './same-contract/compare.ts';

/** What became of a document on its way through code and back. */
export interface RoundTrip {
  readonly operations: number;
  readonly schemas: number;
  /** What the document that the code gives differs in from the one that the code is from. */
  readonly differences: readonly Difference[];
  /** Generated files that are not the same when they are generated from the document given back. */
  readonly changed: readonly string[];
  /** Generated files, for comparison of the two. */
  readonly files: number;
  readonly document: string;
  /** What was said on the way back. */
  readonly told: readonly string[];
}

type Files = ReadonlyMap<string, string>;

/** The files of a service, by path. */
export async function serviceFiles(path: string, framework: FrameworkName): Promise<Files> {
  const options = { framework, typesOnly: false, allowRefs: true, allowNetwork: false };
  const { files } = await generateServer({ path, shown: path }, options);
  return new Map(files.map((file) => [file.path, file.content]));
}

/** The document that the files of a service give. */
export async function documentOf(
  files: Files,
): Promise<{ readonly text: string; readonly told: readonly string[] }> {
  const sources = new Map([...files].filter(([path]) => /^[^/]+\.ts$/.test(path)));
  const { model, diagnostics } = await readServiceFiles(sources, 'api');
  const document = openApiDocument(model, { title: model.title || 'API', version: '1.0.0' });
  return { text: JSON.stringify(document, null, 1), told: diagnostics.map(({ message }) => message) };
}

/**
 * Takes a document through code and back: spec, code, spec. Both documents are read by the reader of OpenAPI and
 * compared as docs/round-trip.md says. `write` keeps the document given back where it can be generated from.
 */
export async function roundTrip(
  path: string,
  framework: FrameworkName,
  write: (document: string) => string,
): Promise<RoundTrip> {
  const before = (await readOpenApi({ path, shown: path }, { allowRefs: true, allowNetwork: false })).model;
  const files = await serviceFiles(path, framework);
  const { text, told } = await documentOf(files);
  const after = (await readOpenApiText(text, 'given-back.json')).model;
  const again = await serviceFiles(write(text), framework);
  const names = new Set([...files.keys(), ...again.keys()]);
  return {
    operations: before.operations.length,
    schemas: before.schemas.size,
    // A schema that includes itself means nothing until it is broken up, which is done before code is generated.
    differences: differences(
      { ...before, schemas: breakCircles(before.schemas).schemas },
      { ...after, schemas: breakCircles(after.schemas).schemas },
    ),
    changed: [...names].filter((name) => served(files.get(name)) !== served(again.get(name))).sort(),
    files: names.size,
    document: text,
    told,
  };
}

/** A file without the types of requests that the service itself sends, which no code of it answers. */
const served = (text: string | undefined): string | undefined =>
  text
    ?.split(/\n(?=\/\*\* [A-Z]+ )/)
    .filter((part) => !/^\/\*\* [A-Z]+ (?!\/)/.test(part))
    .join('\n')
    .trimEnd();
