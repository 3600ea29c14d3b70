import type { Diagnostic } from '../core/diagnostic.ts';
import {
  type FileChange,
  type PlannedFile,
  planFileChanges,
  writeFileChanges,
} from '../core/file-changes.ts';
import { nameOperationTypes } from './emit/operation-names.ts';
import { removedOperations } from './emit/removed-operations.ts';
import { type ErrorShape, runtimeFiles, type ValidateResponses } from './emit/runtime-files.ts';
import { SchemaNames } from './emit/schema-names.ts';
import { planService, printHandlers } from './emit/service.ts';
import { printTypesFile } from './emit/types-file.ts';
import { printValidatorsFile } from './emit/validators-file.ts';
import { express } from './frameworks/express.ts';
import { fastify } from './frameworks/fastify.ts';
import type { Framework } from './frameworks/framework.ts';
import { koa } from './frameworks/koa.ts';
import type { ApiModel } from './model/api.ts';
import { breakCircles } from './model/circles.ts';
import { API_FOLDER, projectFiles } from './project/files.ts';
import { missingPackages } from './project/missing-packages.ts';
import { isSecured } from './security/requirements.ts';
import { printSchemesFile } from './security/schemes-file.ts';
import { printVerifiers } from './security/verifiers-file.ts';
import type { DocumentPath, ReferencePolicy } from './sources/openapi/load.ts';
import { readOpenApi } from './sources/openapi/read.ts';

export { SCAFFOLD_CODES } from './codes.ts';
export { type GeneratedValidators, generateValidators, type JsonSchemaSource } from './json-schema.ts';
export type { ApiModel, Operation } from './model/api.ts';
export { API_FOLDER } from './project/files.ts';
export type { DocumentPath } from './sources/openapi/load.ts';

/** The frameworks that servers can be written for. */
export const FRAMEWORKS = { express, fastify, koa } as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkName = keyof typeof FRAMEWORKS;

export interface ScaffoldOptions extends ReferencePolicy {
  readonly framework: FrameworkName;
  /** Only types.ts. */
  readonly typesOnly: boolean;
  /** A whole service around what the contract becomes. */
  readonly project?: boolean;
  /** The shape of error answers; `envelope` unless given. */
  readonly errors?: ErrorShape;
  /** When answers are held to the contract, unless the application says; in `development` unless given. */
  readonly validateResponses?: ValidateResponses;
}

/** What would be written, and what there is to say about it. */
export interface Scaffold {
  readonly model: ApiModel;
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads an OpenAPI document and generates the files of a server, without writing them.
 * Errors: SCF001 to SCF007.
 */
export async function generateServer(entry: DocumentPath, options: ScaffoldOptions): Promise<Scaffold> {
  const read = await readOpenApi(entry, options);
  const broken = breakCircles(read.model.schemas);
  const model: ApiModel = { ...read.model, schemas: broken.schemas };
  const names = new SchemaNames(model.schemas);
  const operationNames = nameOperationTypes(model, names);
  const diagnostics = [...read.diagnostics, ...broken.diagnostics];
  const types = generated('types.ts', printTypesFile(model, names, operationNames));
  if (options.typesOnly) return { model, files: [types], diagnostics };
  const validators = printValidatorsFile(model, names, operationNames);
  const framework = FRAMEWORKS[options.framework];
  const runtime = await runtimeFiles({
    adapter: framework.adapter,
    usesJsonSchema: validators.text.includes('./runtime/json-schema.js'),
    errors: options.errors ?? 'envelope',
    validateResponses: options.validateResponses ?? 'development',
  });
  const copied = [...runtime].map(([path, text]) => generated(path, text));
  const { project = false } = options;
  const service = serviceFiles(framework, model, operationNames, project);
  const files = [types, generated('validators.ts', validators.text), ...copied, ...service];
  return {
    model,
    files: project ? await wholeProject(files, model, framework) : files,
    diagnostics: [...diagnostics, ...validators.diagnostics],
  };
}

async function wholeProject(
  files: readonly PlannedFile[],
  model: ApiModel,
  { name }: Framework,
): Promise<PlannedFile[]> {
  const moved = files.map((file) => ({ ...file, path: `${API_FOLDER}/${file.path}` }));
  return [...moved, ...(await projectFiles(model, name))];
}

function serviceFiles(
  framework: Framework,
  model: ApiModel,
  types: Parameters<typeof planService>[1],
  isProject: boolean,
): PlannedFile[] {
  const service = planService(model, types, isProject);
  const tags = service.tags.flatMap((tag): PlannedFile[] => [
    generated(`${tag.file}.routes.ts`, framework.printRoutes(tag, service)),
    { path: `${tag.file}.handlers.ts`, content: printHandlers(tag, framework), owner: 'user' },
  ]);
  return [...tags, ...securityFiles(model, isProject), generated('index.ts', framework.printIndex(service))];
}

/** A project has verifiers of its own, which know its configuration. */
function securityFiles(model: ApiModel, isProject: boolean): PlannedFile[] {
  if (!model.operations.some(isSecured)) return [];
  const schemes = generated('security.ts', printSchemesFile(model));
  if (isProject) return [schemes];
  return [schemes, { path: 'verifiers.ts', content: printVerifiers(model), owner: 'user' }];
}

const generated = (path: string, content: string): PlannedFile => ({ path, content, owner: 'generated' });

/** A generated server, held against the folder it is for. */
export interface PlannedScaffold extends Scaffold {
  readonly changes: readonly FileChange[];
}

/** Generates a server and says what writing it would change. Errors: those of `generateServer`, CORE001 and CORE004. */
export async function planServer(
  entry: DocumentPath,
  folder: string,
  options: ScaffoldOptions,
): Promise<PlannedScaffold> {
  const scaffold = await generateServer(entry, options);
  const changes = await planFileChanges(folder, scaffold.files);
  const missing = options.project ? await missingPackages(folder, changes) : [];
  const diagnostics = [...scaffold.diagnostics, ...removedOperations(changes), ...missing];
  return { ...scaffold, diagnostics, changes };
}

/** Generates a server and writes it. Errors: those of `planServer`, CORE002 and CORE003. */
export async function scaffoldServer(
  entry: DocumentPath,
  folder: string,
  options: ScaffoldOptions & { readonly force: boolean },
): Promise<PlannedScaffold> {
  const planned = await planServer(entry, folder, options);
  await writeFileChanges(folder, planned.changes, { overwrite: options.force });
  return planned;
}

/** Whether the folder is not what the document says; a file that is only no longer needed is no drift. */
export const hasDrifted = ({ changes }: PlannedScaffold): boolean =>
  changes.some(({ action }) => action === 'create' || action === 'update' || action === 'conflict');
