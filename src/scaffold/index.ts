import type { Diagnostic } from '../core/diagnostic.ts';
import {
  type FileAction,
  type FileChange,
  type PlannedFile,
  planFileChanges,
  writeFileChanges,
} from '../core/file-changes.ts';
import { NO_ERROR_BODIES, planErrorBodies } from './emit/error-bodies/plan.ts';
import { printErrorBodies } from './emit/error-bodies/print.ts';
import { nameOperationTypes } from './emit/operation-names.ts';
import { goneHandlers, removedOperations, withGoneHandlers } from './emit/removed-operations.ts';
import { type ErrorShape, runtimeFiles, type ValidateResponses } from './emit/runtime-files.ts';
import { SchemaNames } from './emit/schema-names.ts';
import { planService, printHandlers } from './emit/service.ts';
import { printTypesFile } from './emit/types-file.ts';
import { LINEAR, printValidatorsFile } from './emit/validators-file.ts';
import { express } from './frameworks/express.ts';
import { fastify } from './frameworks/fastify.ts';
import type { Framework } from './frameworks/framework.ts';
import { koa } from './frameworks/koa.ts';
import type { DatabaseService, DatabaseSource } from './from-database.ts';
import type { PlannedSpec, SpecRequest } from './generate-spec.ts';
import type { ApiModel } from './model/api.ts';
import { breakCircles } from './model/circles.ts';
import { refuseExpansions } from './model/expansion.ts';
import { API_FOLDER, projectFiles } from './project/files.ts';
import { missingPackages } from './project/missing-packages.ts';
import type { ProjectUses } from './project/plan.ts';
import { isSecured } from './security/requirements.ts';
import { printSchemesFile } from './security/schemes-file.ts';
import { printVerifiers } from './security/verifiers-file.ts';
import type { DocumentPath, ReferencePolicy } from './sources/openapi/load.ts';
import { type ReadResult, readOpenApi, readOpenApiText } from './sources/openapi/read.ts';

export { SCAFFOLD_CODES } from './codes.ts';
export type { DatabaseSource } from './from-database.ts';
export type { PlannedSpec, SpecRequest } from './generate-spec.ts';
export { type GeneratedValidators, generateValidators, type JsonSchemaSource } from './json-schema.ts';
export type { ApiModel, Operation } from './model/api.ts';
export type { JsonValue } from './model/json.ts';
export { API_FOLDER } from './project/files.ts';
export { type Breach, breachesOf, declaredAnswer, parsed } from './requests/answers.ts';
export {
  type ContractOperation,
  type Credentials,
  missingCredentials,
  type RequestContract,
  readRequestContract,
} from './requests/contract.ts';
export { type MadeRequest, makeRequest, Unmakeable, type Wish } from './requests/make.ts';
export {
  createdIds,
  listedIds,
  type PathValues,
  type Resource,
  referredResource,
  resourceKey,
  resourcesOf,
} from './requests/resources.ts';
export type { DocumentPath } from './sources/openapi/load.ts';

/** The frameworks that servers can be written for. */
export const FRAMEWORKS = { express, fastify, koa } as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkName = keyof typeof FRAMEWORKS;

/** What is generated, wherever the contract comes from. */
export interface ServerOptions {
  readonly framework: FrameworkName;
  /** Only types.ts. */
  readonly typesOnly: boolean;
  /** A whole service around what the contract becomes. */
  readonly project?: boolean;
  /** The shape of error answers; `contract` unless given: the contract's own, the envelope where it has none. */
  readonly errors?: ErrorShape;
  /** When answers are held to the contract, unless the application says; in `development` unless given. */
  readonly validateResponses?: ValidateResponses;
}

export interface ScaffoldOptions extends ServerOptions, ReferencePolicy {}

/** What would be written, and what there is to say about it. */
export interface Scaffold {
  readonly model: ApiModel;
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads an OpenAPI document and generates the files of a server, without writing them.
 * Errors: SCF001 to SCF007, SCF052.
 */
export async function generateServer(entry: DocumentPath, options: ScaffoldOptions): Promise<Scaffold> {
  const read = await readOpenApi(entry, options);
  return generate(read, options, { printTagHandlers: printHandlers, servesDatabase: false });
}

/**
 * Generates the files of a server whose handlers read and write the tables of a database, with its contract.
 * Errors: those of reading the schema (DB001, DB010 to DB013), and SCF060 when there is no table to serve.
 */
export async function generateFromDatabase(
  source: DatabaseSource,
  options: ServerOptions,
): Promise<Scaffold> {
  // A contract needs no PostgreSQL: its readers are loaded when they are asked for.
  const { readDatabase } = await import('./from-database.ts');
  return generateDatabaseService(await readDatabase(source), options);
}

/** Generates the files of a server from a database that was read. */
export async function generateDatabaseService(
  { contract, printTagHandlers, files, notes }: DatabaseService,
  options: ServerOptions,
): Promise<Scaffold> {
  const read = await readOpenApiText(contract, 'openapi.yaml');
  const scaffold = await generate(read, options, { printTagHandlers, servesDatabase: true });
  const data = options.typesOnly ? new Map<string, string>() : files;
  const inApi = (path: string): string => (options.project === true ? `${API_FOLDER}/${path}` : path);
  return {
    ...scaffold,
    files: [
      generated(inApi('openapi.yaml'), contract),
      ...scaffold.files,
      ...[...data].map(([path, text]) => generated(inApi(path), text)),
    ],
    diagnostics: [...notes, ...scaffold.diagnostics],
  };
}

/** What sets servers of documents and of databases apart. */
interface Serving {
  readonly printTagHandlers: typeof printHandlers;
  readonly servesDatabase: boolean;
}

async function generate(
  read: ReadResult,
  options: ServerOptions,
  { printTagHandlers, servesDatabase }: Serving,
): Promise<Scaffold> {
  const broken = breakCircles(read.model.schemas);
  refuseExpansions(broken.schemas);
  const model: ApiModel = { ...read.model, schemas: broken.schemas };
  const names = new SchemaNames(model.schemas);
  const operationNames = nameOperationTypes(model, names);
  const diagnostics = [...read.diagnostics, ...broken.diagnostics];
  const types = generated('types.ts', printTypesFile(model, names, operationNames));
  if (options.typesOnly) return { model, files: [types], diagnostics };
  const shape = options.errors ?? 'contract';
  const errors = shape === 'contract' ? planErrorBodies(model, names) : NO_ERROR_BODIES;
  const validators = printValidatorsFile(model, names, operationNames, errors);
  const framework = FRAMEWORKS[options.framework];
  const usesLinear = validators.text.includes(`from '${LINEAR}'`);
  const runtime = await runtimeFiles({
    adapter: framework.adapter,
    usesJsonSchema: validators.text.includes('./runtime/json-schema.js'),
    usesLinear,
    errors: shape === 'contract' && errors.usual === undefined ? 'envelope' : shape,
    validateResponses: options.validateResponses ?? 'development',
  });
  const copied = [...runtime].map(([path, text]) => generated(path, text));
  const bodies = errors.usual === undefined ? [] : [generated('error-bodies.ts', printErrorBodies(errors))];
  const { project = false } = options;
  const service = serviceFiles(framework, model, operationNames, { project, printTagHandlers });
  const files = [types, generated('validators.ts', validators.text), ...bodies, ...copied, ...service];
  return {
    model,
    files: project ? await wholeProject(files, model, framework, { usesLinear, servesDatabase }) : files,
    diagnostics: [...diagnostics, ...errors.diagnostics, ...validators.diagnostics],
  };
}

async function wholeProject(
  files: readonly PlannedFile[],
  model: ApiModel,
  { name }: Framework,
  uses: ProjectUses,
): Promise<PlannedFile[]> {
  const moved = files.map((file) => ({ ...file, path: `${API_FOLDER}/${file.path}` }));
  return [...moved, ...(await projectFiles(model, name, uses))];
}

interface ServiceChoices {
  readonly project: boolean;
  readonly printTagHandlers: typeof printHandlers;
}

function serviceFiles(
  framework: Framework,
  model: ApiModel,
  types: Parameters<typeof planService>[1],
  { project, printTagHandlers }: ServiceChoices,
): PlannedFile[] {
  const service = planService(model, types, project);
  const tags = service.tags.flatMap((tag): PlannedFile[] => [
    generated(`${tag.file}.routes.ts`, framework.printRoutes(tag, service)),
    { path: `${tag.file}.handlers.ts`, content: printTagHandlers(tag, framework), owner: 'user' },
  ]);
  return [...tags, ...securityFiles(model, project), generated('index.ts', framework.printIndex(service))];
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
export const planServer = async (
  entry: DocumentPath,
  folder: string,
  options: ScaffoldOptions,
): Promise<PlannedScaffold> => plan(await generateServer(entry, options), folder);

/** Generates a server and writes it. Errors: those of `planServer`, CORE002 and CORE003. */
export const scaffoldServer = async (
  entry: DocumentPath,
  folder: string,
  options: ScaffoldOptions & Overwriting,
): Promise<PlannedScaffold> => write(await generateServer(entry, options), folder, options);

/** The same as `planServer` for a database. Errors: those of `generateFromDatabase`, CORE001 and CORE004. */
export const planFromDatabase = async (
  source: DatabaseSource,
  folder: string,
  options: ServerOptions,
): Promise<PlannedScaffold> => plan(await generateFromDatabase(source, options), folder);

/** The same as `scaffoldServer` for a database. Errors: those of `planFromDatabase`, CORE002 and CORE003. */
export const scaffoldFromDatabase = async (
  source: DatabaseSource,
  folder: string,
  options: ServerOptions & Overwriting,
): Promise<PlannedScaffold> => write(await generateFromDatabase(source, options), folder, options);

interface Overwriting {
  /** Overwrites generated files that were edited by hand. */
  readonly force: boolean;
}

async function plan(scaffold: Scaffold, folder: string): Promise<PlannedScaffold> {
  // Types alone say nothing of the other files of a service.
  const complete = scaffold.files.some(
    ({ path }) => path === 'index.ts' || path === `${API_FOLDER}/index.ts`,
  );
  const changes = await planFileChanges(folder, scaffold.files, { complete });
  if (!complete) return { ...scaffold, changes };
  const gone = goneHandlers(changes);
  const files = withGoneHandlers(scaffold.files, changes, gone);
  const settled = await planFileChanges(folder, files, { complete });
  const missing = await missingPackages(folder, settled);
  const diagnostics = [...scaffold.diagnostics, ...removedOperations(gone), ...missing];
  return { ...scaffold, files, diagnostics, changes: settled };
}

async function write(scaffold: Scaffold, folder: string, { force }: Overwriting): Promise<PlannedScaffold> {
  const planned = await plan(scaffold, folder);
  await writeFileChanges(folder, planned.changes, { overwrite: force });
  return planned;
}

/** Whether the folder is not what the document says; a file of the user's that is no longer needed is no drift. */
export const hasDrifted = ({ changes }: PlannedScaffold): boolean =>
  changes.some(({ action }) => DRIFT.has(action));

const DRIFT: ReadonlySet<FileAction> = new Set(['create', 'update', 'conflict', 'removed']);

// A server needs no reader of sources: they are loaded when they are asked for.

/** Says what the document of a folder of routes would be. Errors: SCF070, SCF083, SCF085, SCF002 to SCF004. */
export const planSpec = async (request: SpecRequest): Promise<PlannedSpec> =>
  (await import('./generate-spec.ts')).planSpec(request);

/** Writes the document of a folder of routes. Errors: those of `planSpec`. */
export const generateSpec = async (request: SpecRequest): Promise<PlannedSpec> =>
  (await import('./generate-spec.ts')).generateSpec(request);
