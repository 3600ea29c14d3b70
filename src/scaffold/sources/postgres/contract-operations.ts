import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isAddressable, isChangeable, operationId, type ResourceNames } from './contract-names.ts';
import { listParameters, shapeParameters } from './contract-parameters.ts';
import { refTo } from './contract-schemas.ts';
import { exampleRow } from './examples.ts';
import type { Relation, Resource } from './resource.ts';

type Names = ReadonlyMap<string, ResourceNames>;

/** The paths of a resource, with what can be done there. */
export function resourcePaths(
  resource: Resource,
  all: readonly Resource[],
  names: Names,
): [string, JsonObject][] {
  const own = names.get(resource.name);
  if (own === undefined) return [];
  const list = `/${resource.segment}`;
  const collection: [string, JsonObject] = [
    list,
    {
      get: listOperation(resource, own),
      ...(resource.writable ? { post: createOperation(resource, own) } : {}),
    },
  ];
  if (!isAddressable(resource)) return [collection];
  const single = `${list}${own.key.map((name) => `/{${name}}`).join('')}`;
  return [
    collection,
    [single, { parameters: keyParameters(resource, own), ...singleOperations(resource, own) }],
    ...own.nested.flatMap((nested) => nestedPath(single, { resource, own, ...nested }, all, names)),
  ];
}

interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly parameters?: readonly JsonObject[];
  readonly body?: { readonly schema: string; readonly example: JsonValue | undefined };
  readonly answers: JsonObject;
  readonly errors: readonly string[];
}

const operation = ({ id, tag, summary, parameters, body, answers, errors }: Operation): JsonObject => ({
  operationId: id,
  tags: [tag],
  summary,
  ...(parameters === undefined || parameters.length === 0 ? {} : { parameters }),
  ...(body === undefined
    ? {}
    : { requestBody: { required: true, content: json(refTo(body.schema), body.example) } }),
  responses: { ...answers, ...Object.fromEntries(errors.map((status) => [status, failure(status)])) },
});

const json = (schema: JsonObject, example?: JsonValue): JsonObject => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});

const MEANINGS: Readonly<Record<string, string>> = {
  '400': 'The request is not what it must be',
  '401': 'Who asks is not known',
  '403': 'Not allowed',
  '404': 'There is no such row',
  '409': 'Another row is in the way',
  '412': 'The row has changed',
  '422': 'The database refuses the values',
  '503': 'Try again later',
};

const failure = (status: string): JsonObject => ({
  description: MEANINGS[status] ?? '',
  content: json(refTo('Error')),
});

/** What everything may answer. */
const ALWAYS = ['400', '403', '503'];

function listOperation(resource: Resource, own: ResourceNames): JsonObject {
  return operation({
    id: operationId('list', own),
    tag: resource.name,
    summary: `List ${resource.name}`,
    parameters: listParameters(resource, own),
    answers: { '200': page(resource, own) },
    errors: ALWAYS,
  });
}

const page = (resource: Resource, own: ResourceNames): JsonObject => ({
  description: 'A page of rows',
  content: json(
    {
      type: 'object',
      required: ['data', 'meta'],
      properties: { data: { type: 'array', items: refTo(own.row) }, meta: refTo('PageMeta') },
    },
    { data: [exampleRow(resource, 'read') ?? {}], meta: { limit: 20, nextCursor: null } },
  ),
});

const ETAG: JsonObject = {
  ETag: { description: 'The version of the row, for If-Match.', schema: { type: 'string' } },
};

const one = (resource: Resource, own: ResourceNames, description: string, headers = {}): JsonObject => ({
  description,
  ...(resource.versioned || Object.keys(headers).length > 0
    ? { headers: { ...headers, ...(resource.versioned ? ETAG : {}) } }
    : {}),
  content: json(
    { type: 'object', required: ['data'], properties: { data: refTo(own.row) } },
    { data: exampleRow(resource, 'read') ?? {} },
  ),
});

function createOperation(resource: Resource, own: ResourceNames): JsonObject {
  const location = { Location: { description: 'The path of the new row.', schema: { type: 'string' } } };
  return operation({
    id: operationId('create', own),
    tag: resource.name,
    summary: `Create a row of ${resource.name}`,
    body: { schema: own.created, example: exampleRow(resource, 'create') },
    answers: { '201': one(resource, own, 'The new row', isAddressable(resource) ? location : {}) },
    errors: [...ALWAYS, '409', '422'],
  });
}

const IF_MATCH: JsonObject = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of the row as it was read: if it has changed since, nothing is done.',
  schema: { type: 'string', maxLength: 200 },
};

function singleOperations(resource: Resource, own: ResourceNames): JsonObject {
  const tag = resource.name;
  const read = operation({
    id: operationId('read', own),
    tag,
    summary: `Read a row of ${tag}`,
    parameters: shapeParameters(resource),
    answers: { '200': one(resource, own, 'The row') },
    errors: [...ALWAYS, '404'],
  });
  if (!resource.writable) return { get: read };
  const parameters = resource.versioned ? [IF_MATCH] : [];
  const errors = [...ALWAYS, '404', '409', ...(resource.versioned ? ['412'] : []), '422'];
  const write = (verb: 'replace' | 'change', schema: string): JsonObject =>
    operation({
      id: operationId(verb, own),
      tag,
      summary: `${verb === 'replace' ? 'Replace' : 'Change'} a row of ${tag}`,
      parameters,
      body: { schema, example: exampleRow(resource, verb === 'replace' ? 'create' : 'change') },
      answers: { '200': one(resource, own, 'The row as it is now') },
      errors,
    });
  const id = operationId('delete', own);
  const answers = { '204': { description: 'The row is gone' } };
  const gone = operation({ id, tag, summary: `Delete a row of ${tag}`, parameters, answers, errors });
  const writes = isChangeable(resource)
    ? { put: write('replace', own.created), patch: write('change', own.change) }
    : {};
  return { get: read, ...writes, delete: gone };
}

const keyParameters = (resource: Resource, own: ResourceNames): JsonObject[] =>
  own.key.map((name, index) => ({
    name,
    in: 'path',
    required: true,
    schema: resource.columns.find((column) => column.name === resource.key[index])?.type.schema ?? {},
  }));

interface Nesting {
  readonly resource: Resource;
  readonly own: ResourceNames;
  readonly relation: Relation;
  readonly id: string;
}

function nestedPath(
  single: string,
  { resource, own, relation, id }: Nesting,
  all: readonly Resource[],
  names: Names,
): [string, JsonObject][] {
  const target = all.find(({ name }) => name === relation.target);
  const targetNames = names.get(relation.target);
  if (target === undefined || targetNames === undefined) return [];
  const get = operation({
    id,
    tag: resource.name,
    summary: `List ${relation.name} of a row of ${resource.name}`,
    parameters: listParameters(target, targetNames),
    answers: { '200': page(target, targetNames) },
    errors: ALWAYS,
  });
  return [[`${single}/${relation.name}`, { parameters: keyParameters(resource, own), get }]];
}
