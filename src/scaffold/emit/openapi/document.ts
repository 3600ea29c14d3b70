import { STATUS_CODES } from 'node:http';
import type { ApiModel, Body, MediaType, Operation, Parameter, Response } from '../../model/api.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { SecurityKind, SecurityScheme } from '../../model/security.ts';
import { type ComponentName, printJsonSchema } from './schema.ts';

/** What a contract has besides its operations. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
}

/**
 * A contract as an OpenAPI document: 3.1, or 3.2 where it says what 3.1 has no words for. What the model does not
 * hold (servers, examples) is not in it.
 */
export function openApiDocument(model: ApiModel, { title, version }: DocumentInfo): JsonObject {
  const nameOf: ComponentName = (key) => model.schemas.get(key)?.name ?? key;
  const schemas = [...model.schemas.values()].map(
    ({ name, schema }) => [name, printJsonSchema(schema, nameOf)] as const,
  );
  const schemes = [...model.securitySchemes].flatMap(([name, scheme]) => {
    const printed = printScheme(scheme);
    return printed === undefined ? [] : [[name, printed] as const];
  });
  const components = {
    ...(schemas.length === 0 ? {} : { schemas: Object.fromEntries(schemas) }),
    ...(schemes.length === 0 ? {} : { securitySchemes: Object.fromEntries(schemes) }),
  };
  const tags = [...new Set(model.operations.map(({ tag }) => tag))].filter((tag) => tag !== 'default');
  return {
    openapi: model.operations.some(needsNewer) ? '3.2.0' : '3.1.0',
    info: { title, version },
    // Where it is served, no code says: at the root of whatever serves it.
    servers: [{ url: '/' }],
    ...(tags.length === 0 ? {} : { tags: tags.map((name) => ({ name })) }),
    paths: printPaths(model.operations, nameOf),
    ...(Object.keys(components).length === 0 ? {} : { components }),
  };
}

const needsNewer = ({ method, parameters }: Operation): boolean =>
  method === 'query' || parameters.some(({ style }) => style === 'querystring');

function printPaths(operations: readonly Operation[], nameOf: ComponentName): JsonObject {
  const paths = new Map<string, [string, JsonObject][]>();
  for (const operation of operations) {
    const entries = paths.get(operation.path) ?? [];
    paths.set(operation.path, entries);
    entries.push([operation.method, printOperation(operation, nameOf)]);
  }
  return Object.fromEntries([...paths].map(([path, entries]) => [path, Object.fromEntries(entries)]));
}

function printOperation(operation: Operation, nameOf: ComponentName): JsonObject {
  const { id, tag, summary, description, deprecated, parameters, body, responses, security } = operation;
  return {
    ...(tag === 'default' ? {} : { tags: [tag] }),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    operationId: id,
    ...(deprecated ? { deprecated } : {}),
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((parameter) => printParameter(parameter, nameOf)) }),
    ...(body === undefined ? {} : { requestBody: printBody(body, nameOf) }),
    responses: Object.fromEntries(
      responses.map((response) => [response.status, printResponse(response, nameOf)]),
    ),
    security: security.map((requirement) =>
      Object.fromEntries(requirement.map(({ scheme, scopes }) => [scheme, scopes])),
    ),
  };
}

const DEFAULT_STYLE = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;

function printParameter(parameter: Parameter, nameOf: ComponentName): JsonObject {
  const { name, in: where, required, style, explode, mediaType, description, deprecated } = parameter;
  const start = {
    name,
    in: style === 'querystring' ? 'querystring' : where,
    ...(description === undefined ? {} : { description }),
    ...(required ? { required } : {}),
    ...(deprecated ? { deprecated } : {}),
  };
  const schema = printJsonSchema(parameter.schema, nameOf);
  if (style === 'content' || style === 'querystring')
    return { ...start, content: { [mediaType ?? 'application/json']: { schema } } };
  const usual = style === 'form' || style === 'deepObject';
  return {
    ...start,
    ...(style === DEFAULT_STYLE[where] ? {} : { style }),
    ...(explode === usual ? {} : { explode }),
    schema,
  };
}

const printBody = ({ required, content }: Body, nameOf: ComponentName): JsonObject => ({
  ...(required ? { required } : {}),
  content: printContent(content, nameOf),
});

const printContent = (content: readonly MediaType[], nameOf: ComponentName): JsonObject =>
  Object.fromEntries(
    content.map(({ type, schema, encoding }) => [
      type,
      {
        schema: printJsonSchema(schema, nameOf),
        ...(encoding.size === 0 ? {} : { encoding: Object.fromEntries(encoding) as unknown as JsonObject }),
      },
    ]),
  );

function printResponse(
  { status, description, content, headers }: Response,
  nameOf: ComponentName,
): JsonObject {
  const printed = headers.map(({ name, required, explode, description: text, deprecated, schema }) => [
    name,
    {
      ...(text === undefined ? {} : { description: text }),
      ...(required ? { required } : {}),
      ...(deprecated ? { deprecated } : {}),
      ...(explode ? { explode } : {}),
      schema: printJsonSchema(schema, nameOf),
    },
  ]);
  return {
    description: description === '' ? usualDescription(status) : description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(printed) }),
    ...(content.length === 0 ? {} : { content: printContent(content, nameOf) }),
  };
}

const CLASSES: Readonly<Record<string, string>> = {
  '1': 'Information',
  '2': 'Success',
  '3': 'Redirection',
  '4': 'The request cannot be answered',
  '5': 'The service failed',
};

const usualDescription = (status: string): string =>
  STATUS_CODES[status] ?? CLASSES[status[0] ?? ''] ?? 'Any other answer';

/** A scheme that nothing says how to keep is not declared. */
function printScheme(scheme: SecurityScheme): JsonObject | undefined {
  const { description } = scheme;
  const printed = KINDS[scheme.kind](scheme as never);
  return printed && { ...printed, ...(description === undefined ? {} : { description }) };
}

const KINDS: {
  readonly [Kind in SecurityKind['kind']]: (
    scheme: Extract<SecurityKind, { kind: Kind }>,
  ) => { readonly [key: string]: JsonValue } | undefined;
} = {
  bearer: ({ format, flows, openIdConnectUrl }) => {
    if (flows !== undefined) return { type: 'oauth2', flows: flows as unknown as JsonObject };
    if (openIdConnectUrl !== undefined) return { type: 'openIdConnect', openIdConnectUrl };
    return { type: 'http', scheme: 'bearer', ...(format === undefined ? {} : { bearerFormat: format }) };
  },
  basic: () => ({ type: 'http', scheme: 'basic' }),
  apiKey: ({ in: where, name }) => ({ type: 'apiKey', in: where, name }),
  mutualTLS: () => ({ type: 'mutualTLS' }),
  http: ({ scheme }) => ({ type: 'http', scheme }),
  unknown: () => undefined,
};
