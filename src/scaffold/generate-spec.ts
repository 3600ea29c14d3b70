import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../core/diagnostic.ts';
import { systemErrorCode, UserError } from '../core/errors.ts';
import { type DocumentInfo, describeContract } from './describe/document.ts';
import { mergeDocuments } from './describe/merge.ts';
import { toVersion30 } from './describe/version-30.ts';
import { formatOf, printDocument, rewriteText } from './describe/written.ts';
import { openApiDocument } from './emit/openapi/document.ts';
import type { FrameworkName } from './index.ts';
import { isJsonObject, type JsonObject, stringAt } from './model/json.ts';
import { readServiceFolder } from './sources/code/generated/open.ts';
import { type ProjectFile, projectAliases, readProjectFiles } from './sources/code/project-files.ts';
import { readCode } from './sources/code/read.ts';
import { parseSource } from './sources/openapi/document.ts';

export interface SpecRequest {
  /** The folder of routes, absolute. */
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
  /** The document to write, absolute; JSON by its extension, YAML otherwise. */
  readonly output: string;
  readonly shownOutput: string;
  /** What routes are for, where the sources do not say. */
  readonly framework?: FrameworkName;
  /** The version to write in; unless given that of the document which is there, else 3.1. */
  readonly version?: '3.0' | '3.1';
}

/** What stands where the document is to be. */
export type SpecAction = 'create' | 'update' | 'unchanged';

export interface PlannedSpec {
  readonly title: string;
  readonly action: SpecAction;
  readonly text: string;
  readonly operations: readonly {
    readonly method: string;
    readonly path: string;
    readonly operationId: string;
  }[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads routes from sources and says what their OpenAPI document would be, with everything kept that people wrote
 * into the one that is there. Errors: SCF070, SCF083, SCF085, and SCF002 to SCF004 of the document that is there.
 */
export async function planSpec(request: SpecRequest): Promise<PlannedSpec> {
  const files = await readProjectFiles(request.path);
  const contract = await readContract(request, files);
  const existing = await readExisting(request);
  const usual = infoOf(files, request);
  const info = contract.title === '' ? usual : { ...usual, title: contract.title };
  const wanted = request.version ?? (existing === undefined ? '3.1' : versionOf(existing.root));
  const described = contract.describe(info);
  const found = wanted === '3.0' ? toVersion30(described) : described;
  const merged =
    existing === undefined ? undefined : mergeDocuments(existing.root, found, request.shownOutput);
  const document = merged?.document ?? found;
  const format = formatOf(request.output);
  const { text, unfolded } =
    existing === undefined
      ? { text: printDocument(document, format), unfolded: false }
      : rewriteText(existing.text, existing.root, document, format);
  return {
    title: info.title,
    action: existing === undefined ? 'create' : text === existing.text ? 'unchanged' : 'update',
    text,
    operations: operationsIn(found),
    diagnostics: [
      ...contract.diagnostics,
      ...(merged?.diagnostics ?? []),
      ...(unfolded ? [unfoldedAliases(request.shownOutput)] : []),
    ],
  };
}

const unfoldedAliases = (file: string): Diagnostic => ({
  code: 'SCF087',
  severity: 'warning',
  message: 'the anchors and aliases of the document were written out',
  location: { file },
  help: 'Each place has a copy of its own now; components and $ref are the way to say something once.',
});

/** What the sources of a folder say. */
interface ReadContract {
  /** Empty where nothing says it. */
  readonly title: string;
  readonly describe: (info: DocumentInfo) => JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

/** A service that we wrote holds its whole contract; what people write is followed as far as it can be. */
async function readContract(
  { path, shown, framework }: SpecRequest,
  files: Parameters<typeof projectAliases>[0],
): Promise<ReadContract> {
  const service = await readServiceFolder(path, shown);
  if (service !== undefined) {
    const { model, diagnostics } = service;
    return { title: model.title, describe: (info) => openApiDocument(model, info), diagnostics };
  }
  const aliases = projectAliases(files);
  const found = await readCode({ path, shown, aliases, ...(framework === undefined ? {} : { framework }) });
  if (found.operations.length === 0) {
    throw new UserError('SCF083', `no routes of Express, Fastify or Koa were found in ${shown}`, {
      help: 'Name the folder that registers them; --framework says what for where the sources do not.',
      diagnostics: found.diagnostics,
    });
  }
  return { title: '', describe: (info) => describeContract(found, info), diagnostics: found.diagnostics };
}

/** As `planSpec`, and writes the document. Errors: also SCF085. */
export async function generateSpec(request: SpecRequest): Promise<PlannedSpec> {
  const planned = await planSpec(request);
  if (planned.action !== 'unchanged') await replaceFile(request, planned.text);
  return planned;
}

function operationsIn(document: JsonObject): PlannedSpec['operations'] {
  const paths = isJsonObject(document['paths']) ? document['paths'] : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isJsonObject(item) ? item : {}).flatMap(([method, operation]) =>
      isJsonObject(operation)
        ? [{ method, path, operationId: stringAt(operation, 'operationId') ?? '' }]
        : [],
    ),
  );
}

interface Existing {
  readonly root: JsonObject;
  readonly text: string;
}

async function readExisting({ output, shownOutput }: SpecRequest): Promise<Existing | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(output);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw cannotWrite(
      shownOutput,
      code === 'EISDIR' ? 'it is a folder' : `the system answered ${code}`,
      error,
    );
  }
  const { root, text } = parseSource(bytes, shownOutput, pathToFileURL(output).href);
  if (root === null && text.trim() === '') return undefined;
  if (!isJsonObject(root) || !/^3\./.test(stringAt(root, 'openapi') ?? '')) {
    throw cannotWrite(shownOutput, 'the file that is there is not an OpenAPI document of version 3');
  }
  return { root, text };
}

const versionOf = (root: JsonObject): '3.0' | '3.1' =>
  /^3\.0/.test(stringAt(root, 'openapi') ?? '') ? '3.0' : '3.1';

const cannotWrite = (file: string, why: string, cause?: unknown): UserError =>
  new UserError('SCF085', `cannot write ${file}: ${why}`, {
    kind: 'refused',
    help: 'Choose another place with --output.',
    cause,
  });

/** Title and version of the package that the folder belongs to. */
function infoOf(files: readonly ProjectFile[], { path }: SpecRequest): DocumentInfo {
  const [found] = files.filter(({ name }) => name === 'package.json');
  const json = found === undefined ? undefined : parsed(found.text);
  return {
    title: (json === undefined ? undefined : stringAt(json, 'name')) || basename(path),
    version: (json === undefined ? undefined : stringAt(json, 'version')) || '0.0.0',
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Writes beside the place and moves in, so that nobody finds half a document. */
async function replaceFile({ output, shownOutput }: SpecRequest, text: string): Promise<void> {
  const part = join(dirname(output), `.${basename(output)}.part`);
  try {
    if (!(await stat(dirname(output))).isDirectory()) throw cannotWrite(shownOutput, 'its folder is a file');
    await rm(part, { force: true });
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, output);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    await rm(part, { force: true }).catch(() => undefined);
    throw cannotWrite(
      shownOutput,
      code === 'ENOENT' ? 'its folder does not exist' : `the system answered ${code}`,
      error,
    );
  }
}
