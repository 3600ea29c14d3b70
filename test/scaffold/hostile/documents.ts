/** Any JSON value of a document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const PROSE = { description: 'What it is', deprecated: true };

/** One schema with every keyword that OpenAPI 3.0 shares with the others. */
const shared = (reference: string): Record<string, Json> => ({
  Pet: {
    title: 'A pet',
    ...PROSE,
    type: 'object',
    required: ['name', 'kind'],
    properties: {
      name: { type: 'string', pattern: '^[a-z]+$', minLength: 1, maxLength: 20, example: 'Rex' },
      kind: { type: 'string', enum: ['cat', 'dog'], default: 'cat' },
      born: { type: 'string', format: 'date', description: 'Birthday' },
      note: { type: 'string', format: 'x-note', readOnly: true },
      weight: { type: 'number', minimum: 0, maximum: 100, multipleOf: 0.5 },
      secret: { type: 'string', writeOnly: true, default: 'hush' },
      tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 9 },
      owner: { $ref: `${reference}Owner` },
    },
    externalDocs: { url: 'https://docs.test', description: 'More' },
    example: { name: 'Rex', kind: 'dog' },
    'x-go-type': 'os.Exit',
    xml: { name: 'pet', prefix: 'p', namespace: 'urn:pets' },
  },
  Owner: {
    type: 'object',
    properties: {
      mail: { type: 'string', format: 'email' },
      pets: { type: 'array', items: { $ref: `${reference}Pet` } },
    },
    additionalProperties: { type: 'string', enum: ['yes', 'no'] },
  },
  Both: {
    allOf: [{ $ref: `${reference}Pet` }, { type: 'object', properties: { extra: { type: 'integer' } } }],
  },
});

const either = (reference: string): Json => ({
  oneOf: [{ $ref: `${reference}Pet` }, { $ref: `${reference}Owner` }],
  discriminator: { propertyName: 'kind', mapping: { cat: `${reference}Pet`, human: `${reference}Owner` } },
});

const INFO = {
  title: 'Pets',
  version: '1.0.0',
  description: 'All pets',
  termsOfService: 'https://terms.test',
  contact: { name: 'Ann', url: 'https://ann.test', email: 'ann@pets.test' },
  license: { name: 'MIT', url: 'https://mit.test' },
};

const parameters = (schemaOf: (schema: { [key: string]: Json }) => { [key: string]: Json }): Json[] => [
  { name: 'petId', in: 'path', required: true, description: 'Which pet', ...schemaOf({ type: 'integer' }) },
  { name: 'limit', in: 'query', description: 'How many', ...schemaOf({ type: 'integer', default: 20 }) },
  { name: 'sort', in: 'query', ...schemaOf({ type: 'string', enum: ['up', 'down'], default: 'up' }) },
  { name: 'X-Trace', in: 'header', ...schemaOf({ type: 'string', pattern: '^[0-9a-f]+$' }) },
];

const ref = '#/components/schemas/';

function openApi3(version: string, schemas: Record<string, Json>, more: Record<string, Json>): Json {
  const answer = {
    description: 'One pet',
    headers: { 'X-Rate': { description: 'Left', schema: { type: 'integer' } } },
    content: {
      'application/json': {
        schema: { $ref: `${ref}Pet` },
        examples: { one: { summary: 'Rex', value: { name: 'Rex' } } },
      },
    },
    links: {
      owner: { operationId: 'listPets', parameters: { petId: '$response.body#/id' }, description: 'Owner' },
    },
  };
  const cookie = { name: 'session', in: 'cookie', schema: { type: 'string' } };
  const filter = { name: 'filter', in: 'query', style: 'deepObject', schema: { $ref: `${ref}Owner` } };
  return {
    openapi: version,
    info: INFO,
    servers: [
      {
        url: 'https://{region}.test',
        description: 'Live',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
    ],
    tags: [{ name: 'pets', description: 'Everything about pets' }],
    externalDocs: { url: 'https://docs.test', description: 'More' },
    security: [{ key: [] }],
    paths: {
      '/pets/{petId}': {
        summary: 'A pet',
        get: {
          operationId: 'getPet',
          tags: ['pets'],
          summary: 'Reads a pet',
          ...PROSE,
          parameters: [...parameters((schema) => ({ schema })), cookie, filter],
          responses: {
            '200': answer,
            '4XX': { description: 'Wrong' },
            default: { $ref: '#/components/responses/Oops' },
          },
          security: [{ key: [] }, { login: ['read'] }],
        },
      },
      '/pets': {
        get: {
          operationId: 'listPets',
          tags: ['admin tools'],
          responses: { '204': { description: 'None' } },
        },
        post: {
          operationId: 'addPet',
          tags: ['pets'],
          requestBody: {
            description: 'The pet',
            required: true,
            content: {
              'application/json': { schema: { $ref: `${ref}Both` } },
              'multipart/form-data': {
                schema: { type: 'object', properties: { photo: { type: 'string', format: 'binary' } } },
                encoding: { photo: { contentType: 'image/png' } },
              },
            },
          },
          responses: {
            '201': { description: 'Added', content: { 'application/json': { schema: either(ref) } } },
          },
          callbacks: {
            added: {
              '{$request.body#/url}': {
                post: { operationId: 'tell', responses: { '200': { description: 'ok' } } },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: { ...shared(ref), ...schemas },
      responses: { Oops: { description: 'Oops', content: { 'text/plain': { schema: { type: 'string' } } } } },
      securitySchemes: {
        key: { type: 'apiKey', name: 'X-Key', in: 'header', description: 'A key' },
        login: {
          type: 'oauth2',
          flows: { implicit: { authorizationUrl: 'https://login.test', scopes: { read: 'Read all' } } },
        },
      },
    },
    ...more,
  };
}

/** The keywords of JSON Schema that OpenAPI 3.1 has and 3.0 has not. */
const NEWER: Record<string, Json> = {
  Newer: {
    $comment: 'A remark',
    type: ['object', 'null'],
    properties: {
      fixed: { const: 'always' },
      any: { const: { a: ['b'] } },
      pair: { prefixItems: [{ type: 'string' }], items: false },
    },
    patternProperties: { '^x-': { type: 'string' }, '[0-9]+$': { type: 'number' } },
    propertyNames: { pattern: '^[a-z-]+$' },
    dependentRequired: { fixed: ['pair'] },
    dependentSchemas: { any: { required: ['fixed'] } },
    if: { properties: { fixed: { const: 'always' } } },
    then: { required: ['any'] },
    else: { not: { required: ['pair'] } },
    unevaluatedProperties: false,
    examples: [{ fixed: 'always' }],
    $defs: { Inner: { type: 'array', contains: { enum: ['x', 'y'] }, minContains: 1 } },
  },
};

const SWAGGER: Json = {
  swagger: '2.0',
  info: INFO,
  host: 'pets.test',
  basePath: '/v1',
  schemes: ['https'],
  consumes: ['application/json'],
  produces: ['application/json'],
  tags: [{ name: 'pets', description: 'Everything about pets' }],
  paths: {
    '/pets/{petId}': {
      get: {
        operationId: 'getPet',
        tags: ['pets'],
        summary: 'Reads a pet',
        ...PROSE,
        parameters: [
          ...parameters((schema) => schema),
          { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' },
        ],
        responses: {
          '200': {
            description: 'One pet',
            schema: { $ref: '#/definitions/Pet' },
            headers: { 'X-Rate': { type: 'integer', description: 'Left' } },
          },
        },
      },
    },
    '/pets': {
      post: {
        operationId: 'addPet',
        tags: ['admin tools'],
        parameters: [
          { name: 'body', in: 'body', description: 'The pet', schema: { $ref: '#/definitions/Both' } },
        ],
        responses: { default: { description: 'Done' } },
      },
      put: {
        operationId: 'sendForm',
        consumes: ['multipart/form-data'],
        parameters: [
          { name: 'photo', in: 'formData', type: 'file', description: 'A photo' },
          { name: 'caption', in: 'formData', type: 'string', default: 'none' },
        ],
        responses: { '200': { description: 'Kept' } },
      },
    },
  },
  definitions: shared('#/definitions/'),
  securityDefinitions: { key: { type: 'apiKey', name: 'X-Key', in: 'header' } },
};

const hook: Json = {
  post: {
    operationId: 'petAdded',
    requestBody: { content: { 'application/json': { schema: { $ref: `${ref}Pet` } } } },
    responses: { '200': { description: 'ok' } },
  },
};

/** Small documents of every dialect that together have every keyword. */
export const DOCUMENTS: Readonly<Record<string, Json>> = {
  'Swagger 2.0': SWAGGER,
  'OpenAPI 3.0': openApi3('3.0.3', { Either: either(ref), Maybe: { type: 'string', nullable: true } }, {}),
  'OpenAPI 3.1': openApi3('3.1.0', NEWER, {
    webhooks: { 'pet-added': hook },
    jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base',
  }),
  'OpenAPI 3.2': openApi3('3.2.0', NEWER, {
    webhooks: { 'pet-added': hook },
    'x-webhooks': { old: hook },
    $self: 'https://pets.test/openapi.json',
  }),
};
