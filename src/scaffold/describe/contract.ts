import type { Diagnostic, Location } from '../../core/diagnostic.ts';
import type { HttpMethod, ParameterIn, StatusPattern } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';

/**
 * What was found out about a service from its sources. Schemas are JSON Schema 2020-12, as OpenAPI 3.1 writes them;
 * named ones are referred to as `#/components/schemas/<name>`. What is not known is absent.
 */
export interface FoundContract {
  readonly operations: readonly FoundOperation[];
  readonly schemas: ReadonlyMap<string, JsonObject>;
  /** Security Scheme Objects. */
  readonly securitySchemes: ReadonlyMap<string, JsonObject>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FoundOperation {
  /** Whether its handler leaves some requests to what is registered behind it. */
  readonly handsOn?: true;
  /** The ways of conditions on which it is registered, where only the run decides; absent when it always is. */
  readonly branches?: readonly { readonly condition: object; readonly way: number }[];
  readonly method: HttpMethod;
  /** As OpenAPI writes it: `/pets/{petId}`. */
  readonly path: string;
  readonly operationId?: string;
  /** What its handler is called in the sources. */
  readonly handlerName?: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly parameters: readonly FoundParameter[];
  readonly body?: FoundBody;
  readonly responses: readonly FoundResponse[];
  /** Security Requirement Objects; absent when nothing is required. */
  readonly security?: readonly JsonObject[];
  /** Where the route is registered. */
  readonly location: Location;
}

export interface FoundParameter {
  readonly name: string;
  readonly in: ParameterIn;
  readonly required: boolean;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  readonly schema: JsonObject;
}

export interface FoundBody {
  readonly required: boolean;
  readonly description?: string;
  /** Schemas by media type. */
  readonly content: ReadonlyMap<string, JsonObject>;
}

export interface FoundResponse {
  readonly status: StatusPattern;
  readonly description: string;
  readonly content: ReadonlyMap<string, JsonObject>;
  readonly headers?: ReadonlyMap<string, JsonObject>;
}
