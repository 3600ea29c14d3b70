import { Buffer } from 'node:buffer';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { UserError } from '../../../core/errors.ts';
import type { ApiModel } from '../../model/api.ts';
import { isJsonObject, type JsonObject, objectAt, own, stringAt } from '../../model/json.ts';
import { locationOf, rootPlace } from '../../model/place.ts';
import type { Dialect } from './dialect.ts';
import { parseSource, type SourceDocument } from './document.ts';
import {
  type DocumentPath,
  type DocumentSet,
  loadDocuments,
  loadReferences,
  type ReferencePolicy,
} from './load.ts';
import { nameSchemas } from './names.ts';
import { readOperations } from './operations.ts';
import { readOutgoing } from './outgoing.ts';
import { enter, Resolver, rootSite } from './references.ts';
import { NO_SCOPE, SchemaReader } from './schemas.ts';

export interface ReadResult {
  readonly model: ApiModel;
  /** Warnings and remarks; errors are thrown. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads an OpenAPI or Swagger document, and all it refers to, into the model.
 * Errors: SCF001 to SCF007; a document with several faults is reported with all of them.
 */
export async function readOpenApi(entry: DocumentPath, policy: ReferencePolicy): Promise<ReadResult> {
  return readDocuments(await loadDocuments(entry, policy));
}

/** The same for a document that is at hand, which refers to nothing but itself. */
export async function readOpenApiText(text: string, name: string): Promise<ReadResult> {
  const entry = parseSource(Buffer.from(text), name, 'about:contract');
  return readDocuments(await loadReferences(entry, undefined, { allowRefs: false, allowNetwork: false }));
}

function readDocuments(documents: DocumentSet): ReadResult {
  const dialect = dialectOf(documents.entry);
  const reader = new SchemaReader(dialect, new Resolver(documents));
  const root = rootSite(documents.entry);
  const operations = readOperations(reader, root);
  const outgoing = readOutgoing(reader, root);
  reader.finishUsed();
  const components = dialect === 'swagger-2.0' ? ['definitions'] : ['components', 'schemas'];
  const declared = enter(root, ...components);
  if (isJsonObject(declared.value)) {
    for (const name of Object.keys(declared.value)) reader.referToSite(enter(declared, name), NO_SCOPE);
  }
  const schemas = nameSchemas(reader.referred());
  failOnErrors(reader.diagnostics, documents.entry);
  const info = isJsonObject(root.value) ? objectAt(root.value, 'info') : {};
  return {
    model: {
      title: stringAt(info, 'title') ?? '',
      version: stringAt(info, 'version') ?? '',
      operations,
      outgoing,
      schemas,
    },
    diagnostics: reader.diagnostics,
  };
}

/** Errors: SCF003, saying what the document seems to be instead. */
function dialectOf(document: SourceDocument): Dialect {
  const { root } = document;
  if (!isJsonObject(root)) throw notOpenApi(document, 'it holds no object');
  const openapi = versionText(root, 'openapi');
  const swagger = versionText(root, 'swagger');
  if (openapi?.startsWith('3.0')) return 'openapi-3.0';
  if (openapi !== undefined && /^3\.[12](?:\.|$)/.test(openapi)) return 'openapi-3.1';
  if (swagger?.startsWith('2.')) return 'swagger-2.0';
  const version = openapi ?? swagger;
  if (version !== undefined) throw notOpenApi(document, `its version is ${JSON.stringify(version)}`);
  const kind = OTHER_KINDS.find(({ key }) => own(root, key) !== undefined)?.kind;
  throw notOpenApi(document, kind ?? 'it has neither "openapi" nor "swagger"');
}

/** Unquoted in YAML, a version is a number. */
function versionText(root: JsonObject, key: string): string | undefined {
  const value = own(root, key);
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  return typeof value === 'string' ? value : undefined;
}

const OTHER_KINDS: readonly { readonly key: string; readonly kind: string }[] = [
  { key: 'asyncapi', kind: 'it is an AsyncAPI document' },
  { key: 'arazzo', kind: 'it is an Arazzo document' },
  { key: 'overlay', kind: 'it is an OpenAPI Overlay' },
  { key: 'swaggerVersion', kind: 'it is a Swagger 1 document' },
  { key: '__schema', kind: 'it is a GraphQL introspection result' },
  { key: '$schema', kind: 'it is a JSON Schema' },
  { key: 'item', kind: 'it looks like a Postman collection' },
];

const notOpenApi = (document: SourceDocument, why: string): UserError =>
  new UserError('SCF003', `${document.name} is not an OpenAPI document: ${why}`, {
    help: 'Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read.',
    location: locationOf(rootPlace(document)),
  });

export function failOnErrors(diagnostics: readonly Diagnostic[], entry: SourceDocument): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first, ...rest] = errors;
  if (first === undefined) return;
  throw new UserError(first.code, first.message, {
    diagnostics: rest.slice(0, MAX_ERRORS_SHOWN),
    ...(first.location === undefined ? {} : { location: first.location }),
    help: first.help ?? `Mend ${entry.name} where the message says.`,
  });
}

const MAX_ERRORS_SHOWN = 20;
