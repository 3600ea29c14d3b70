import { expect, test } from 'vitest';
import { nameResources } from './contract-names.ts';
import { resourceSchemas } from './contract-schemas.ts';
import type { Resource } from './resource.ts';

const TEXT = { sql: 'text', schema: { type: 'string' }, read: 'text', filters: [], sortable: true } as const;
const column = { name: 'id', type: TEXT, nullable: false, written: 'required', comment: undefined } as const;

const table = (sortable: boolean): Resource => ({
  name: 'prints',
  segment: 'prints',
  schema: 'public',
  table: 'prints',
  comment: undefined,
  columns: [{ ...column, type: { ...TEXT, sortable } }],
  key: ['id'],
  writable: true,
  relations: [],
  constraints: new Map(),
  versioned: false,
  rowSecurity: false,
  inherited: false,
});

test.each([
  ['text', true, ['Prints', 'PrintsNew', 'PrintsChange']],
  // Such a key is no part of a path, so that no single row can be changed.
  ['bytes', false, ['Prints', 'PrintsNew']],
] as const)('a table with a key of %s has schemas for what can be done with it', (_key, sortable, wanted) => {
  const resource = table(sortable);
  const schemas = resourceSchemas(resource, nameResources([resource]));
  expect(schemas.map(([name]) => name)).toEqual(wanted);
});
