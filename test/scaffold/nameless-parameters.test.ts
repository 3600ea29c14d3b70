import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateServer } from '../../src/scaffold/index.ts';
import { folderWith } from '../support/scratch-folder.ts';

const parameter = (place: string, required = false): object => ({
  name: '',
  in: place,
  required,
  schema: { type: 'string' },
});

async function parametersOf(...parameters: readonly object[]): Promise<readonly string[]> {
  const responses = { 204: { description: 'done' } };
  const paths = { '/a': { get: { operationId: 'a', parameters, responses } } };
  const document = { openapi: '3.0.3', info: { title: 'a', version: '1' }, paths };
  const path = join(folderWith({ 'api.json': JSON.stringify(document) }), 'api.json');
  const options = { framework: 'express', typesOnly: false, allowRefs: false, allowNetwork: false } as const;
  const { model, diagnostics } = await generateServer({ path, shown: 'api.json' }, options);
  const said = diagnostics.map(
    ({ code, severity, location }) => `${severity} ${code} ${location?.pointer ?? ''}`,
  );
  return [...(model.operations[0]?.parameters ?? []).map((one) => `${one.in} '${one.name}'`), ...said];
}

test('a query parameter may have the empty name', async () => {
  expect(await parametersOf(parameter('query', true))).toEqual(["query ''"]);
});

test('an optional header or cookie without a name is left out, and said', async () => {
  expect(await parametersOf(parameter('header'), parameter('cookie'))).toEqual([
    'warning SCF007 /paths/~1a/get/parameters/0',
    'warning SCF007 /paths/~1a/get/parameters/1',
  ]);
});

test('a required one cannot be kept, which is an error', async () => {
  await expect(parametersOf(parameter('header', true))).rejects.toThrow('a parameter must have a name');
});
