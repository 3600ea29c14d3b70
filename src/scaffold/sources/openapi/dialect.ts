/**
 * Which schema vocabulary a document is written in. Swagger 2.0 and OpenAPI 3.0 use their own subset
 * of JSON Schema Draft 4; OpenAPI 3.1 and 3.2 use JSON Schema 2020-12 with a few keywords more.
 */
export type Dialect = 'swagger-2.0' | 'openapi-3.0' | 'openapi-3.1' | 'json-schema-2020-12';

/** The older dialects differ: there, a reference replaces whatever stands beside it, and `const` says nothing. */
export const isJsonSchema2020 = (dialect: Dialect): boolean =>
  dialect === 'openapi-3.1' || dialect === 'json-schema-2020-12';
