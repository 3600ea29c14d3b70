/**
 * Which schema vocabulary a document is written in. Swagger 2.0 and OpenAPI 3.0 use their own subset
 * of JSON Schema Draft 4; OpenAPI 3.1 and 3.2 use JSON Schema 2020-12.
 */
export type Dialect = 'swagger-2.0' | 'openapi-3.0' | 'openapi-3.1';

/** In the older dialects a reference replaces whatever stands beside it. */
export const referenceHasSiblings = (dialect: Dialect): boolean => dialect === 'openapi-3.1';
