/** A schema as services have them, and bodies that it accepts and refuses. */
export interface Case {
  readonly name: string;
  readonly schema: Record<string, unknown>;
  readonly valid: readonly unknown[];
  readonly invalid: readonly unknown[];
}

const address = {
  type: 'object',
  required: ['street', 'city', 'country'],
  properties: {
    street: { type: 'string', minLength: 1, maxLength: 100 },
    city: { type: 'string', minLength: 1 },
    country: { type: 'string', pattern: '^[A-Z]{2}$' },
  },
  additionalProperties: false,
};

const user = {
  type: 'object',
  required: ['email', 'name'],
  properties: {
    email: { type: 'string', format: 'email' },
    name: { type: 'string', minLength: 1, maxLength: 80 },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    roles: { type: 'array', items: { enum: ['admin', 'editor', 'viewer'] }, uniqueItems: true },
    address,
  },
};

const order = {
  type: 'object',
  required: ['id', 'lines', 'ship_to'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    ship_to: address,
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'quantity', 'price'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z0-9-]{4,12}$' },
          quantity: { type: 'integer', minimum: 1 },
          price: { type: 'number', minimum: 0 },
        },
      },
    },
  },
};

const event = {
  oneOf: ['created', 'updated', 'deleted'].map((kind) => ({
    allOf: [
      { type: 'object', required: ['at'], properties: { at: { type: 'string', format: 'date-time' } } },
      {
        type: 'object',
        required: ['kind', 'target'],
        properties: { kind: { const: kind }, target: { type: 'integer' } },
      },
    ],
  })),
};

const tree = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      required: ['label'],
      properties: {
        label: { type: 'string', minLength: 1 },
        children: { type: 'array', items: { $ref: '#/$defs/node' } },
      },
    },
  },
};

const home = { street: '1 Main Street', city: 'Bern', country: 'CH' };
const ada = { email: 'ada@example.com', name: 'Ada', age: 36, roles: ['admin', 'editor'], address: home };
const line = { sku: 'AB-1234', quantity: 2, price: 9.5 };
const bought = {
  id: '8f14e45f-ceea-467f-a8a5-3c2f7a1b9d10',
  ship_to: home,
  lines: Array.from({ length: 10 }, () => line),
};
const happened = { kind: 'deleted', target: 7, at: '2026-01-02T03:04:05Z' };
const leaf = { label: 'leaf' };
const branch = { label: 'branch', children: [leaf, leaf, leaf] };

export const CASES: readonly Case[] = [
  {
    name: 'user',
    schema: user,
    valid: [ada, { email: 'b@example.org', name: 'B' }],
    invalid: [{ ...ada, age: -1 }, { name: 'no address' }, { ...ada, roles: ['admin', 'admin'] }],
  },
  {
    name: 'order of 10 lines',
    schema: order,
    valid: [bought],
    invalid: [
      { ...bought, lines: [] },
      { ...bought, lines: [...bought.lines, { ...line, sku: 'x' }] },
    ],
  },
  {
    name: 'event, one of three',
    schema: event,
    valid: [happened, { ...happened, kind: 'created' }],
    invalid: [
      { ...happened, kind: 'lost' },
      { ...happened, at: 'yesterday' },
    ],
  },
  {
    name: 'tree of 13 nodes',
    schema: tree,
    valid: [{ label: 'root', children: [branch, branch, branch] }],
    invalid: [{ label: 'root', children: [branch, branch, { label: '' }] }],
  },
];
