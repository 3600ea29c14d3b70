import type { JsonObject, JsonValue } from '../model/json.ts';
import type { FoundBody, FoundContract, FoundOperation, FoundParameter, FoundResponse } from './contract.ts';
import { operationIds } from './operation-ids.ts';

export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
}

/** What was found out about a service as an OpenAPI 3.1 document. */
export function describeContract(contract: FoundContract, { title, version }: DocumentInfo): JsonObject {
  const { operations, schemas, securitySchemes } = contract;
  const ids = operationIds(operations);
  const paths = new Map<string, [string, JsonObject][]>();
  for (const operation of operations) {
    const entries = paths.get(operation.path) ?? [];
    paths.set(operation.path, entries);
    entries.push([operation.method, describeOperation(operation, ids.get(operation) ?? '')]);
  }
  const names = usedSchemas(contract);
  const used = sortedBy([...schemas].filter(([name]) => names.has(name)));
  const components = {
    ...(used.length === 0 ? {} : { schemas: Object.fromEntries(used) }),
    ...(securitySchemes.size === 0
      ? {}
      : { securitySchemes: Object.fromEntries(sortedBy([...securitySchemes])) }),
  };
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))];
  return {
    openapi: '3.1.1',
    info: { title, version },
    // What OpenAPI takes for granted where nothing is said.
    servers: [{ url: '/' }],
    ...(tags.length === 0 ? {} : { tags: tags.map((name) => ({ name })) }),
    paths: Object.fromEntries([...paths].map(([path, entries]) => [path, Object.fromEntries(entries)])),
    ...(Object.keys(components).length === 0 ? {} : { components }),
  };
}

const sortedBy = <T>(entries: [string, T][]): [string, T][] =>
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));

/** The schemas that operations refer to: those that were only looked into, such as those of whole requests, are none. */
function usedSchemas({ operations, schemas }: FoundContract): Set<string> {
  const used = new Set<string>();
  const pending = operations.flatMap(schemasOf);
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const inner = schemas.get(name);
      if (used.has(name) || inner === undefined) continue;
      used.add(name);
      pending.push(inner);
    }
  }
  return used;
}

const schemasOf = ({ parameters, body, responses }: FoundOperation): JsonObject[] => [
  ...parameters.map(({ schema }) => schema),
  ...(body?.content.values() ?? []),
  ...responses.flatMap(({ content, headers }) => [...content.values(), ...(headers?.values() ?? [])]),
];

/** What an operation is called where nobody has said. */
export const usualSummary = ({ method, path }: Pick<FoundOperation, 'method' | 'path'>): string =>
  `${method.toUpperCase()} ${path}`;

function describeOperation(operation: FoundOperation, id: string): JsonObject {
  const { tags, summary, description, deprecated, parameters, body, responses, security } = operation;
  return {
    ...(tags.length === 0 ? {} : { tags }),
    summary: summary ?? usualSummary(operation),
    ...(description === undefined ? {} : { description }),
    operationId: id,
    ...(deprecated ? { deprecated } : {}),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(describeParameter) }),
    ...(body === undefined ? {} : { requestBody: describeBody(body) }),
    responses: Object.fromEntries(responses.map((response) => [response.status, describeResponse(response)])),
    security: security ?? [],
  };
}

const describeParameter = ({
  name,
  in: place,
  required,
  description,
  deprecated,
  style,
  explode,
  schema,
}: FoundParameter): JsonObject => ({
  name,
  in: place,
  ...(required ? { required } : {}),
  ...(description === undefined ? {} : { description }),
  ...(deprecated === true ? { deprecated } : {}),
  ...(style === undefined ? {} : { style }),
  ...(explode === undefined ? {} : { explode }),
  schema,
});

const describeBody = ({ required, description, content }: FoundBody): JsonObject => ({
  ...(description === undefined ? {} : { description }),
  ...(required ? { required } : {}),
  content: describeContent(content),
});

const describeContent = (content: ReadonlyMap<string, JsonObject>): JsonObject =>
  Object.fromEntries([...content].map(([type, schema]): [string, JsonValue] => [type, { schema }]));

function describeResponse({ description, content, headers }: FoundResponse): JsonObject {
  const described = [...(headers ?? [])].map(([name, schema]): [string, JsonValue] => [name, { schema }]);
  return {
    description,
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
    ...(content.size === 0 ? {} : { content: describeContent(content) }),
  };
}
