import type { ApiModel, Operation } from '../model/api.ts';
import type { NamedSchema } from '../model/schema.ts';
import { HEADER } from './header.ts';
import {
  type OperationTypeNames,
  type OperationTypeUses,
  printOperationTypes,
  printStatusTypes,
} from './operation-types.ts';
import { docComment } from './quote.ts';
import type { SchemaNames } from './schema-names.ts';
import { isPlainObject, printObject, printType, type TypeContext } from './types.ts';

/** types.ts: every schema of the contract, and the request and answers of every operation. */
export function printTypesFile(
  model: ApiModel,
  names: SchemaNames,
  operationNames: ReadonlyMap<Operation, OperationTypeNames>,
): string {
  const uses: OperationTypeUses = {
    status: names.registry.claim('Status'),
    statuses: new Set(),
    usesFile: false,
  };
  const context: TypeContext = { table: model.schemas, names, qualifier: '' };
  const schemas = names
    .variants()
    .map(({ name, named, direction }) =>
      printNamedType(name, named, direction === undefined ? context : { ...context, direction }),
    );
  const operations = [...operationNames].map(([operation, typeNames]) =>
    printOperationTypes(operation, typeNames, context, uses),
  );
  const file = uses.usesFile ? `import type { File } from 'node:buffer';\n` : '';
  const empty = schemas.length + operations.length === 0 ? 'export {};\n' : '';
  const parts = [HEADER + file, ...schemas, ...operations, printStatusTypes(uses), empty];
  return parts.filter((part) => part !== '').join('\n');
}

function printNamedType(name: string, { schema }: NamedSchema, context: TypeContext): string {
  const notes = schema.deprecated ? `${schema.description ?? ''}\n@deprecated` : schema.description;
  const comment = docComment(notes);
  if (isPlainObject(schema))
    return `${comment}export interface ${name} ${printObject(schema, context, '')}\n`;
  return `${comment}export type ${name} = ${printType(schema, context)};\n`;
}
