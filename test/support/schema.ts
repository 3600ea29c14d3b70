import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readText } from './repository.ts';

/** Compiles schemas/NAME.schema.json strictly: a misspelt keyword is an error. */
export function schemaValidator(name: string, others: readonly string[] = []): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  for (const other of others) ajv.addSchema(JSON.parse(readText(`schemas/${other}.schema.json`)));
  return ajv.compile(JSON.parse(readText(`schemas/${name}.schema.json`)));
}
