// Requests that are made from a contract: their values judged by another validator, their form by the rules.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { breachesOf } from './answers.ts';
import {
  type ContractOperation,
  missingCredentials,
  type RequestContract,
  readRequestContract,
} from './contract.ts';
import { type MadeRequest, makeRequest, Unmakeable } from './make.ts';
import { createdIds, listedIds, referredResource, resourceKey, resourcesOf } from './resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'requests-'));

/** Reads a document of these paths and components. */
async function contractOf(paths: object, components: object = {}): Promise<RequestContract> {
  const file = join(folder, `${randomUUID()}.json`);
  const info = { title: 'T', version: '1' };
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info, paths, components }));
  return readRequestContract({ path: file, shown: 't.json' }, { allowRefs: false, allowNetwork: false });
}

const ok = { responses: { '200': { description: 'fine' } } };

const only = ({ operations }: RequestContract): ContractOperation => operations[0] as ContractOperation;

const made = (contract: RequestContract, variant = 0, seed = 1): MadeRequest =>
  makeRequest(contract, only(contract), { path: new Map(), variant, seed });

const bodyOf = ({ body }: MadeRequest): unknown => JSON.parse(Buffer.from(body ?? []).toString());

const withBody = (schema: unknown, components: object = {}, media: object = {}) =>
  contractOf(
    {
      '/x': {
        post: {
          requestBody: { required: true, content: { 'application/json': { schema, ...media } } },
          ...ok,
        },
      },
    },
    components,
  );

const SCHEMAS: Readonly<Record<string, object>> = {
  'an enum': { enum: ['a', 7, null, { b: 1 }] },
  'a const': { const: 'only' },
  'a pattern': { type: 'string', pattern: '^[A-Z]{3}-\\d{4}(x|yy)?$' },
  'a pattern of a set length': { type: 'string', pattern: '[^a-z]', minLength: 5, maxLength: 30 },
  'a text of three letters': { type: 'string', maxLength: 3 },
  'a long text': { type: 'string', minLength: 300 },
  'a number between exclusive limits': { type: 'number', exclusiveMinimum: 0.1, exclusiveMaximum: 0.2 },
  'an integer from one limit on': { type: 'integer', minimum: 10_000 },
  'an integer up to a limit': { type: 'integer', maximum: -5 },
  'a multiple': { type: 'number', multipleOf: 0.05, minimum: 3, maximum: 4 },
  'a whole multiple': { type: 'integer', multipleOf: 7, exclusiveMinimum: 70, exclusiveMaximum: 80 },
  'a list': { type: 'array', items: { type: 'integer' }, minItems: 3, maxItems: 4, uniqueItems: true },
  'a tuple': {
    type: 'array',
    prefixItems: [{ type: 'string' }, { type: 'boolean' }],
    items: false,
    minItems: 2,
  },
  'a list that holds something': { type: 'array', contains: { const: 5 }, minContains: 2 },
  'an object': {
    type: 'object',
    required: ['a', 'b'],
    properties: {
      a: { type: 'string' },
      b: { type: 'object', required: ['c'], properties: { c: { type: 'null' } } },
    },
    additionalProperties: false,
  },
  'a map': { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 3 },
  'a map with named keys': { type: 'object', propertyNames: { pattern: '^[a-f]{4}$' }, minProperties: 2 },
  'at least one of several': {
    type: 'object',
    properties: { a: {}, b: {} },
    minProperties: 1,
    additionalProperties: false,
  },
  'all of several': {
    allOf: [{ type: 'object', required: ['a'] }, { properties: { a: { type: 'integer', minimum: 5 } } }],
  },
  'one of several': { oneOf: [{ type: 'integer' }, { type: 'string', minLength: 3 }] },
  'one of, told apart': {
    oneOf: [
      { type: 'object', required: ['k'], properties: { k: { const: 'one' }, x: { type: 'integer' } } },
      { type: 'object', required: ['k'], properties: { k: { const: 'two' }, y: { type: 'integer' } } },
    ],
  },
  'any of several': { anyOf: [{ type: 'null' }, { type: 'string', format: 'date' }] },
  'not something': { type: 'integer', minimum: 1, maximum: 3, not: { const: 2 } },
  'a condition': {
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: ['a', 'b'] } },
    if: { properties: { kind: { const: 'a' } } },
    then: { required: ['left'], properties: { left: { type: 'integer' } } },
    else: { required: ['right'], properties: { right: { type: 'boolean' } } },
  },
  'what needs another': {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    dependentRequired: { a: ['b'] },
  },
  nullable: { type: ['string', 'null'], format: 'email' },
  'a tree': { $ref: '#/components/schemas/Node' },
  anything: {},
  ...Object.fromEntries(
    [
      'date',
      'date-time',
      'time',
      'duration',
      'email',
      'hostname',
      'ipv4',
      'ipv6',
      'uri',
      'uuid',
      'json-pointer',
    ].map((format) => [`the format ${format}`, { type: 'string', format }]),
  ),
};

const NODE = {
  type: 'object',
  required: ['name', 'children'],
  properties: {
    name: { type: 'string' },
    children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
  },
};

describe('values that are made up satisfy', () => {
  test.each(Object.entries(SCHEMAS))('%s', async (_name, schema) => {
    const contract = await withBody(schema, { schemas: { Node: NODE } });
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const isValid = ajv.compile({ ...schema, components: { schemas: { Node: NODE } } });
    for (let variant = 0; variant < 8; variant += 1) {
      const value = bodyOf(made(contract, variant, variant * 7 + 1));
      expect({ value, valid: isValid(value), errors: isValid.errors }).toMatchObject({ valid: true });
    }
  });

  test('nothing when nothing does', async () => {
    const contract = await withBody({ type: 'string', minLength: 5, maxLength: 2 });
    expect(() => made(contract)).toThrow(Unmakeable);
  });
});

describe('a body', () => {
  test('is the first valid example of the document, then others', async () => {
    const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
    const contract = await withBody(
      schema,
      {},
      { examples: { a: { value: { n: 'x' } }, b: { value: { n: 41 } } } },
    );
    expect(bodyOf(made(contract))).toEqual({ n: 41 });
    expect(bodyOf(made(contract, 1))).not.toEqual({ n: 41 });
  });

  test('has nothing that is only read', async () => {
    const id = { type: 'string', readOnly: true };
    const contract = await withBody({
      type: 'object',
      required: ['id', 'a'],
      properties: { id, a: { const: 1 } },
    });
    expect(bodyOf(made(contract))).toEqual({ a: 1 });
  });

  test('is a form, or parts of one', async () => {
    const schema = {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { const: 'x y&' }, b: { type: 'array', items: { const: 1 }, minItems: 2 } },
    };
    const send = (type: string) =>
      contractOf({ '/x': { post: { requestBody: { content: { [type]: { schema } } }, ...ok } } });
    const form = made(await send('application/x-www-form-urlencoded'));
    expect(Buffer.from(form.body ?? []).toString()).toBe('a=x%20y%26&b=1&b=1');
    const parts = made(await send('multipart/form-data'));
    const type = parts.headers.find(([name]) => name === 'Content-Type')?.[1] ?? '';
    const read = await new Response(Buffer.from(parts.body ?? []), {
      headers: { 'content-type': type },
    }).formData();
    expect([read.get('a'), read.getAll('b')]).toEqual(['x y&', ['1', '1']]);
  });
});

const list = { type: 'array', items: { type: 'integer' }, const: [1, 2] };
const flat = { type: 'object', const: { x: 1, y: 'a b' } };

/** After the table of OpenAPI 3.1, section 4.8.12.4. */
const STYLES = [
  ['path', '{p}', 'simple', false, list, '/1,2'],
  ['path', '{p}', 'simple', true, flat, '/x=1,y=a%20b'],
  ['path', '{p}', 'label', true, list, '/.1.2'],
  ['path', '{p}', 'matrix', false, list, '/;p=1,2'],
  ['path', '{p}', 'matrix', true, flat, '/;x=1;y=a%20b'],
  ['query', '', 'form', true, list, '/?p=1&p=2'],
  ['query', '', 'form', false, list, '/?p=1,2'],
  ['query', '', 'form', true, flat, '/?x=1&y=a%20b'],
  ['query', '', 'pipeDelimited', false, list, '/?p=1%7C2'],
  ['query', '', 'spaceDelimited', false, list, '/?p=1%202'],
  ['query', '', 'deepObject', true, flat, '/?p%5Bx%5D=1&p%5By%5D=a%20b'],
] as const;

test.each(STYLES)(
  'a parameter in the %s %s, %s, explode %s',
  async (where, path, style, explode, schema, wanted) => {
    const parameters = [{ name: 'p', in: where, required: true, style, explode, schema }];
    expect(made(await contractOf({ [`/${path}`]: { get: { parameters, ...ok } } })).path).toBe(wanted);
  },
);

test('headers and cookies', async () => {
  const parameters = [
    { name: 'X-A', in: 'header', required: true, schema: list },
    { name: 'c', in: 'cookie', required: true, schema: { const: 'd e' } },
    { name: 'X-B', in: 'header', schema: list },
  ];
  expect(made(await contractOf({ '/x': { get: { parameters, ...ok } } })).headers).toEqual([
    ['X-A', '1,2'],
    ['Cookie', 'c=d%20e'],
  ]);
});

describe('ids', async () => {
  const id = { name: 'orderId', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } };
  const line = { name: 'line', in: 'path', required: true, schema: { type: 'string' } };
  const contract = await contractOf({
    '/v1/orders': { get: ok, post: ok },
    '/v1/orders/{orderId}': { parameters: [id], get: ok },
    '/v1/orders/{orderId}/lines/{line}': { parameters: [id, line], get: ok },
  });
  const [orders, lines] = resourcesOf(contract);
  const location = undefined;
  if (orders === undefined) throw new Error('no orders');

  test('belong to what the paths name', () => {
    expect(
      resourcesOf(contract).map(({ key, own, list: lists, create }) => [key, own, lists?.name, create?.name]),
    ).toEqual([
      ['/v1/orders/{}', 1, 'GET /v1/orders', 'POST /v1/orders'],
      ['/v1/orders/{}/lines/{}', 1, undefined, undefined],
    ]);
    expect(resourceKey('/v1/orders')).toBeUndefined();
    expect(lines?.parameters.map(({ name }) => name)).toEqual(['orderId', 'line']);
  });

  test.each([
    ['a plain list', [{ id: 3 }, { id: 4 }], [[3], [4]]],
    ['a wrapped list', { meta: { tags: [] }, data: { items: [{ orderId: 9, id: 'x' }] } }, [[9]]],
    ['texts that are numbers', [{ id: '12' }], [[12]]],
    ['ids that the contract does not allow', [{ id: 0 }, { id: 'abc' }, {}, null], []],
    ['a list of ids', [5, 6], [[5], [6]]],
    ['no list', 'nothing', []],
  ])('are found in %s', (_is, body, ids) => {
    expect(listedIds(orders, { body, location }, contract.judge)).toEqual(ids);
  });

  test('are found in the answer to what makes one', () => {
    const { judge } = contract;
    expect(createdIds(orders, { body: undefined, location: 'http://h/base/v1/orders/77' }, judge)).toEqual([
      77,
    ]);
    expect(createdIds(orders, { body: { data: { id: 5 } }, location }, judge)).toEqual([5]);
    expect(createdIds(orders, { body: { id: 'x' }, location: '/elsewhere' }, judge)).toBeUndefined();
  });

  test.each([
    ['orderId', true],
    ['order_id', true],
    ['id', false],
    ['border', false],
  ])('%s refers to orders: %s', (name, does) => {
    expect(referredResource(name, resourcesOf(contract))?.key).toBe(does ? '/v1/orders/{}' : undefined);
  });
});

describe('answers', async () => {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } };
  const Thing = {
    type: 'object',
    required: ['id', 'secret'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer' },
      secret: { type: 'string', writeOnly: true },
      kind: { anyOf: [{ const: 'a' }, { const: 'b' }] },
    },
  };
  const headers = { 'X-Next': { required: true, schema: { type: 'string' } } };
  const contract = await contractOf(
    {
      '/x': {
        get: { responses: { '200': { description: '', content, headers }, '4XX': { description: '' } } },
      },
    },
    { schemas: { Thing } },
  );
  const good = {
    status: 200,
    headers: [
      ['content-type', 'application/json; charset=utf-8'],
      ['x-next', '1'],
    ] as const,
    body: '{"id":1}',
  };

  test.each([
    ['keep the contract', {}, []],
    ['have a status of a range', { status: 404, headers: [], body: 'x' }, []],
    [
      'have a status that is not there',
      { status: 302 },
      [['status', '', 'status 302 is not in the contract']],
    ],
    ['are not JSON', { body: '{' }, [['body', '', 'is not JSON']]],
    [
      'lack a header',
      { headers: [good.headers[0]] },
      [['header', '', 'header x-next is required and missing']],
    ],
    [
      'are of another type',
      { headers: [['content-type', 'text/html'], good.headers[1]] },
      [['content-type', '', 'text/html, not application/json']],
    ],
    ['lack a property', { body: '{}' }, [['body', '', 'does not have required property "id"']]],
    ['have one too many', { body: '{"id":1,"more":2}' }, [['body', '/more', 'must not be there']]],
    [
      'have a wrong value',
      { body: '{"id":"x"}' },
      [['body', '/id', 'type "string" is invalid. Expected "integer"']],
    ],
    [
      'are none of several',
      { body: '{"id":1,"kind":"c"}' },
      [['body', '/kind', 'does not match any subschemas']],
    ],
  ] as const)('that %s', (_is, change, wanted) => {
    const found = breachesOf(contract, only(contract), { ...good, ...change });
    expect(found.map(({ kind, pointer, message }) => [kind, pointer, message])).toEqual(wanted);
  });
});

test('an operation is asked only with what it wants', async () => {
  const securitySchemes = {
    key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    token: { type: 'http', scheme: 'bearer' },
  };
  const contract = await contractOf(
    { '/x': { get: { security: [{ key: [], token: [] }, { token: [] }], ...ok } } },
    { securitySchemes },
  );
  const none = {
    headers: new Set<string>(),
    query: new Set<string>(),
    cookies: new Set<string>(),
    certificate: false,
  };
  expect(missingCredentials(only(contract), contract, none)).toEqual(['key', 'token']);
  expect(missingCredentials(only(contract), contract, { ...none, headers: new Set(['x-key']) })).toEqual([
    'token',
  ]);
  expect(missingCredentials(only(contract), contract, { ...none, authorization: 'bearer' })).toEqual([]);
});
