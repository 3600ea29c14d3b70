import type { Diagnostic } from '../../../core/diagnostic.ts';
import { isJsonObject, type JsonValue, stringAt } from '../../model/json.ts';
import type { NamedSchema, SchemaKey } from '../../model/schema.ts';
import { parseSource, type SourceDocument } from '../openapi/document.ts';
import { loadReferences, type ReferencePolicy } from '../openapi/load.ts';
import { nameSchemas } from '../openapi/names.ts';
import { failOnErrors } from '../openapi/read.ts';
import { Resolver, rootSite } from '../openapi/references.ts';
import { NO_SCOPE, SchemaReader } from '../openapi/schemas.ts';
import { meaninglessKeywords } from './vocabularies.ts';

/** One JSON Schema 2020-12 document, and what may be known and read besides it. */
export interface JsonSchemaSource extends Pick<ReferencePolicy, 'known'> {
  readonly bytes: Uint8Array;
  /** Where the document was found: the base of its references, until an `$id` says otherwise. */
  readonly uri: string;
  /** For messages, and the name of the schema. */
  readonly name: string;
  /** JSON Schema has `format` as a remark, unless the meta-schema declares it an assertion. */
  readonly formats: 'assert' | 'as declared';
}

export interface ReadJsonSchema {
  /** The document's own schema. */
  readonly root: SchemaKey;
  readonly schemas: ReadonlyMap<SchemaKey, NamedSchema>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a JSON Schema document, and the known documents that it refers to, into the model: by the same
 * reader as the schemas of OpenAPI 3.1. Errors: SCF002, SCF004, SCF005, SCF007.
 */
export async function readJsonSchema(source: JsonSchemaSource): Promise<ReadJsonSchema> {
  const entry = parseSource(source.bytes, source.name, source.uri);
  const documents = await loadReferences(entry, undefined, {
    allowRefs: false,
    allowNetwork: false,
    ...(source.known === undefined ? {} : { known: source.known }),
  });
  const meaningless = meaninglessKeywords(metaSchemaOf(entry, source), source.formats);
  const reader = new SchemaReader('json-schema-2020-12', new Resolver(documents), meaningless);
  const root = reader.referToSite(rootSite(entry), NO_SCOPE);
  const schemas = nameSchemas(reader.referred());
  failOnErrors(reader.diagnostics, entry);
  return { root, schemas, diagnostics: reader.diagnostics };
}

function metaSchemaOf({ root }: SourceDocument, { known }: JsonSchemaSource): JsonValue | undefined {
  const uri = isJsonObject(root) ? stringAt(root, '$schema') : undefined;
  const bytes = uri === undefined ? undefined : known?.get(uri);
  return uri === undefined || bytes === undefined ? undefined : parseSource(bytes, uri, uri).root;
}
