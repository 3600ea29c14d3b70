import type { Diagnostic } from '../core/diagnostic.ts';
import { SchemaNames } from './emit/schema-names.ts';
import { printTypesFile } from './emit/types-file.ts';
import { printValidatorsFile } from './emit/validators-file.ts';
import type { ApiModel } from './model/api.ts';
import { breakCircles } from './model/circles.ts';
import { refuseExpansions } from './model/expansion.ts';
import { type JsonSchemaSource, readJsonSchema } from './sources/json-schema/read.ts';

export type { JsonSchemaSource };

/** The code for one JSON Schema document. */
export interface GeneratedValidators {
  /** The name of the document's own schema: a type in types.ts, a Zod schema in validators.ts. */
  readonly name: string;
  /** The text of types.ts. */
  readonly types: string;
  /** The text of validators.ts, which imports ./types.js, ./runtime/zod.js and ./runtime/json-schema.js. */
  readonly validators: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates types and Zod validators for one JSON Schema 2020-12 document, by the reader and the
 * printers that OpenAPI 3.1 goes through. Errors: SCF002, SCF004, SCF005, SCF007, SCF052.
 */
export async function generateValidators(source: JsonSchemaSource): Promise<GeneratedValidators> {
  const read = await readJsonSchema(source);
  const broken = breakCircles(read.schemas);
  refuseExpansions(broken.schemas);
  const model: ApiModel = { title: '', version: '', operations: [], outgoing: [], schemas: broken.schemas };
  const names = new SchemaNames(model.schemas);
  const validators = printValidatorsFile(model, names, new Map());
  return {
    name: names.typeName(read.root, undefined),
    types: printTypesFile(model, names, new Map()),
    validators: validators.text,
    diagnostics: [...read.diagnostics, ...broken.diagnostics, ...validators.diagnostics],
  };
}
