import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  FRAMEWORKS,
  type FrameworkName,
  generateSpec,
  hasDrifted,
  planServer,
  planSpec,
  scaffoldServer,
} from '../../src/scaffold/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/scaffold/model/json.ts';
import { readServiceFolder } from '../../src/scaffold/sources/code/generated/open.ts';
import { ROOT } from '../support/repository.ts';
import { documentOf, roundTrip, serviceFiles } from '../support/round-trip.ts';
import { surfaceOf } from '../support/same-contract/surface.ts';
import { corpusDocuments } from './corpus.ts';

/** Documents of every dialect and trouble, and of a size that the default suite has time for; the bench takes all. */
const SAMPLE: ReadonlySet<string> = new Set([
  'examples/orders',
  'names',
  'swagger-petstore-v30.yaml',
  'petstore-expanded-v2.json',
  'petstore-separate-v2/spec/swagger.json',
  'museum-v31.yaml',
  'tags-v32.yaml',
  'heyapi-full-v31.yaml',
  'readme-circular-v30.json',
  'readme-discriminators-v30.json',
  'readme-parameters-style-v30.json',
  'readme-schema-types-v31.json',
  'docker-engine-v2.yaml',
  'paypal-orders-v30.json',
  'supabase-auth-v30.yaml',
  'box-v30.json',
]);

const FRAMEWORK_NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-trip-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A document of ours with what the corpus's documents have between them, and what none of them has. */
const OWN = join(ROOT, 'test', 'scaffold', 'documents', 'round-trip.yaml');

/**
 * What has another types.ts when it is generated again: an answer without a description is given one, and a property
 * named `constructor` stands last.
 */
const REWORDED: ReadonlySet<string> = new Set(['heyapi-full-v31.yaml', 'round-trip.yaml']);

const sampled = corpusDocuments().filter(({ name }) => SAMPLE.has(name));

describe.each(FRAMEWORK_NAMES)('%s', (framework) => {
  // What the frameworks differ in, paths, is in the smaller documents.
  const documents = sampled.filter(({ name }) => framework === 'express' || name !== 'box-v30.json');
  test.for([{ name: 'round-trip.yaml', path: OWN }, ...documents])(
    '$name: spec, code, spec',
    { timeout: 120_000 },
    async ({ name, path }) => {
      const trip = await roundTrip(path, framework, (text) => {
        const file = join(folder, `${framework}.json`);
        writeFileSync(file, text);
        return file;
      });
      expect(trip.differences).toEqual([]);
      expect(trip.told).toEqual([]);
      const before = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 });
      if (/^3\./.test(before.openapi ?? ''))
        expect(surfaceOf(JSON.parse(trip.document))).toEqual(surfaceOf(before));
      expect(trip.changed).toEqual(REWORDED.has(name) ? ['types.ts'] : []);
    },
  );
});

type Files = Map<string, string>;

/** The orders service of the examples, with a change of its files. */
async function edited(framework: FrameworkName, edit: (files: Files) => void): Promise<JsonObject> {
  const files = new Map(await serviceFiles(join(ROOT, 'examples/orders/openapi.yaml'), framework));
  edit(files);
  const { text } = await documentOf(files);
  return JSON.parse(text) as JsonObject;
}

function replaceIn(files: Files, name: string, before: string | RegExp, after: string): void {
  const text = files.get(name) ?? '';
  const changed = text.replace(before, after);
  expect(changed, `${name} has ${String(before)}`).not.toBe(text);
  files.set(name, changed);
}

/** What stands at a path of keys. */
const at = (document: JsonObject, ...keys: readonly string[]): JsonValue | undefined =>
  keys.reduce<JsonValue | undefined>(
    (value, key) => (isJsonObject(value) ? value[key] : undefined),
    document,
  );

describe.each(FRAMEWORK_NAMES)('code that was edited is what the document says: %s', (framework) => {
  test('a limit, an optional property and a format of a schema', async () => {
    const document = await edited(framework, (files) => {
      replaceIn(
        files,
        'validators.ts',
        /export const (\w+): (ZodType<[^>]*>) = z\.lazy\(\(\) => z\.(\w+)\(\{\n/,
        'export const $1: $2 = z.lazy(() => z.$3({\n  nickname: z.exactOptional(z.string().max(40)),\n  site: z.url(),\n  size: z.int().gte(3).lte(9),\n',
      );
    });
    const schemas = Object.values(at(document, 'components', 'schemas') as JsonObject);
    const changed = schemas.find(
      (schema) => at(schema as JsonObject, 'properties', 'nickname') !== undefined,
    ) as JsonObject;
    expect(at(changed, 'properties', 'nickname')).toEqual({ type: 'string', maxLength: 40 });
    expect(at(changed, 'properties', 'site')).toEqual({ type: 'string', format: 'uri' });
    expect(at(changed, 'properties', 'size')).toEqual({ type: 'integer', minimum: 3, maximum: 9 });
    expect(changed['required']).toEqual(expect.arrayContaining(['site', 'size']));
    expect(changed['required']).not.toContain('nickname');
  });

  test('an operation that was added, and one that is served elsewhere', async () => {
    const document = await edited(framework, (files) => {
      const validators = files.get('validators.ts') ?? '';
      files.set(
        'validators.ts',
        `${validators}
export const feedOrder: Contract<never, never> = {
  id: 'feedOrder',
  request: () => ({
    parameters: [
      { in: 'path', name: 'order-id', key: 'orderId', required: true, schema: z.guid() },
      { in: 'query', name: 'times', shape: 'number', default: 2, schema: z.int().gte(1) },
    ],
    body: { required: true, content: { 'application/json': json(z.strictObject({ food: z.enum(['hay', 'oats']) })) } },
  }),
  responses: () => ({ 204: {}, '4XX': { 'application/json': json(z.looseObject({ message: z.string() })) } }),
  headers: () => ({ 204: { 'x-fed': { required: true, schema: z.boolean() } } }),
};
`,
      );
      const router = framework === 'fastify' ? 'app' : 'router';
      const routes = [...files.keys()].find((name) => name.endsWith('.routes.ts')) ?? '';
      replaceIn(
        files,
        routes,
        new RegExp(`\\n( *)${router}\\.get\\(`),
        `\n$1${router}.post('/orders/:orderId/feed', operation(contract.feedOrder, (request, context) => handlers.feed(request, context), options));\n$1${router}.get(`,
      );
    });
    expect(at(document, 'paths', '/orders/{order-id}/feed', 'post')).toMatchObject({
      operationId: 'feedOrder',
      parameters: [
        { name: 'order-id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
        { name: 'times', in: 'query', schema: { type: 'integer', minimum: 1, default: 2 } },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['food'],
              properties: { food: { type: 'string', enum: ['hay', 'oats'] } },
              additionalProperties: false,
            },
          },
        },
      },
      responses: {
        '204': { headers: { 'x-fed': { required: true, schema: { type: 'boolean' } } } },
        '4XX': {},
      },
    });
  });

  test('a route that was removed is in the document no more, and one that was moved is where it is', async () => {
    let [gone, moved] = ['', ''];
    const document = await edited(framework, (files) => {
      for (const [name, text] of files) {
        if (!name.endsWith('.routes.ts')) continue;
        const lines = text.split('\n');
        const served = lines.filter((line) => /operation\(contract\.\w+/.test(line));
        const [first, second] = served;
        if (first === undefined || second === undefined || gone !== '') continue;
        gone = /contract\.(\w+)/.exec(first)?.[1] ?? '';
        moved = /contract\.(\w+)/.exec(second)?.[1] ?? '';
        const elsewhere = second.replace(/\('\//, "('/v9/");
        files.set(
          name,
          lines
            .filter((line) => line !== first)
            .map((line) => (line === second ? elsewhere : line))
            .join('\n'),
        );
      }
    });
    const ids = Object.entries(at(document, 'paths') as JsonObject).flatMap(([path, item]) =>
      Object.values(item as JsonObject).map(
        (operation) => [at(operation as JsonObject, 'operationId'), path] as const,
      ),
    );
    expect(ids.map(([id]) => id)).not.toContain(gone);
    expect(ids.find(([id]) => id === moved)?.[1]).toMatch(/^\/v9\//);
  });
});

describe('a folder', () => {
  test('that scaffold wrote gives its document to --generate-spec, and the document the same code', async () => {
    const output = join(folder, 'told', 'orders');
    const generation = {
      framework: 'express',
      typesOnly: false,
      allowRefs: false,
      allowNetwork: false,
      force: false,
    } as const;
    const source = join(ROOT, 'examples/orders/openapi.yaml');
    await scaffoldServer({ path: source, shown: source }, output, generation);
    const document = join(folder, 'told', 'openapi.yaml');
    const request = { path: output, shown: 'orders', output: document, shownOutput: 'openapi.yaml' };
    expect(await generateSpec(request)).toMatchObject({ action: 'create', diagnostics: [] });
    expect((await planSpec(request)).action).toBe('unchanged');
    const again = await planServer({ path: document, shown: document }, output, generation);
    expect(hasDrifted(again)).toBe(false);
  });

  test('that scaffold wrote is read where it stands, in a project too', async () => {
    for (const project of [false, true]) {
      const output = join(folder, String(project));
      const options = {
        framework: 'koa',
        typesOnly: false,
        allowRefs: false,
        allowNetwork: false,
        force: false,
        project,
      } as const;
      const { model } = await scaffoldServer({ path: OWN, shown: OWN }, output, options);
      const read = await readServiceFolder(output, 'orders');
      expect(read?.diagnostics).toEqual([]);
      expect(read?.model.operations.map(({ id }) => id)).toEqual(model.operations.map(({ id }) => id));
    }
  });

  test('that it did not write is none', async () => {
    expect(await readServiceFolder(join(ROOT, 'src'), 'src')).toBeUndefined();
    expect(await readServiceFolder(join(folder, 'nowhere'), 'nowhere')).toBeUndefined();
  });

  test('whose validators are no code is refused with the place', async () => {
    const output = join(folder, 'broken');
    const options = {
      framework: 'express',
      typesOnly: false,
      allowRefs: false,
      allowNetwork: false,
      force: false,
    } as const;
    await scaffoldServer({ path: OWN, shown: OWN }, output, options);
    await writeFile(join(output, 'validators.ts'), 'export const = ;');
    await expect(readServiceFolder(output, 'api')).rejects.toMatchObject({ code: 'SCF070' });
  });
});
