import type { JsonValue } from './json.ts';
import type { Place } from './place.ts';
import type { NamedSchema, Schema, SchemaKey } from './schema.ts';
import type { SecurityRequirement, SecurityScheme } from './security.ts';

/** A service's contract, independent of the document it came from and of the code it becomes. */
export interface ApiModel {
  readonly title: string;
  readonly version: string;
  readonly operations: readonly Operation[];
  /** Every named schema, sorted by name. */
  readonly schemas: ReadonlyMap<SchemaKey, NamedSchema>;
  /** The security schemes that operations require, sorted by name. */
  readonly securitySchemes: ReadonlyMap<string, SecurityScheme>;
  /** Names of requests that the service itself sends: callbacks and webhooks, for types only. */
  readonly outgoing: readonly Operation[];
}

export type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch' | 'trace' | 'query';

export interface Operation {
  /** Unique, a valid identifier in camelCase. */
  readonly id: string;
  readonly method: HttpMethod;
  /** The path as the document writes it: `/pets/{petId}`. */
  readonly path: string;
  /** The group it is generated into: its first tag, or `default`. */
  readonly tag: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly body?: Body;
  readonly responses: readonly Response[];
  /** Of these, one must be met; without any, the operation is open to everybody. */
  readonly security: readonly SecurityRequirement[];
  readonly place: Place;
}

export type ParameterIn = 'path' | 'query' | 'header' | 'cookie';

export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  /** The value is a document of a media type (`content` instead of `schema`). */
  | 'content'
  /** OpenAPI 3.2: the parameter is the whole query string. */
  | 'querystring';

export interface Parameter {
  readonly name: string;
  readonly in: ParameterIn;
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** The media type of a `content` parameter. */
  readonly mediaType?: string;
  readonly schema: Schema;
  /** Those of the parameter itself, not of its schema; they need not be valid. */
  readonly examples?: readonly JsonValue[];
  readonly description?: string;
  readonly deprecated: boolean;
  readonly place: Place;
}

export interface MediaType {
  /** Lower case and without parameters: `application/json`, `image/*`. */
  readonly type: string;
  readonly schema: Schema;
  /** How single form fields are written, when the document says. */
  readonly encoding: ReadonlyMap<string, FieldEncoding>;
  /** Whole values; they need not be valid. */
  readonly examples?: readonly JsonValue[];
}

export interface FieldEncoding {
  readonly contentType?: string;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
}

export interface Body {
  readonly required: boolean;
  readonly content: readonly MediaType[];
}

/** A status code, a range such as `4XX`, or `default`. */
export type StatusPattern = string;

export interface Response {
  readonly status: StatusPattern;
  readonly description: string;
  readonly content: readonly MediaType[];
  readonly headers: readonly Parameter[];
}
