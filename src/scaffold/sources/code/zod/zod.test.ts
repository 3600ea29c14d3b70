import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { printJsonSchema } from '../../../emit/openapi/schema.ts';
import type { JsonValue } from '../../../model/json.ts';
import { openProject } from '../project.ts';
import { zodReaderOf } from './of-interpreter.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

interface Read {
  readonly schema: JsonValue | undefined;
  readonly optional: boolean;
  readonly named: Readonly<Record<string, JsonValue>>;
  readonly told: readonly string[];
}

/** Reads `x` of main.ts. */
async function read(files: Readonly<Record<string, string>>): Promise<Read> {
  const folder = await mkdtemp(join(tmpdir(), 'senior-zod-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const project = await openProject(folder, 'src', new Map());
  const module = project.module(project.files.find((file) => file.endsWith('main.ts')) ?? '');
  if (module === undefined) throw new Error('main.ts is not there');
  const [statement] = module.file.program.body;
  if (statement === undefined) throw new Error('main.ts is empty');
  const value = project.exportOf(module, 'x');
  const site = { origin: { file: module.file, node: statement }, scope: module.scope, construct: false };
  const reader = zodReaderOf(project.interpreter, site);
  const found = reader.read(value);
  const nameOf = (key: string): string => key;
  // What was asked for has a name as well: it is shown as it is.
  const expanded = found === undefined ? undefined : reader.expand(found);
  return {
    schema: expanded && printJsonSchema(expanded.schema, nameOf),
    optional: expanded?.optional ?? false,
    named: Object.fromEntries(
      [...reader.schemas].map(([key, { schema }]) => [key, printJsonSchema(schema, nameOf)]),
    ),
    told: project.interpreter.diagnostics.map(({ message }) => message),
  };
}

const readZod = (expression: string): Promise<Read> =>
  read({ 'main.ts': `import { z } from 'zod';\nexport const x = ${expression};\n` });

/** Expressions of Zod 4 and what they let in, as JSON Schema. */
const EXPRESSIONS: readonly (readonly [expression: string, schema: JsonValue])[] = [
  ['z.string()', { type: 'string' }],
  ['z.string().min(1).max(20)', { type: 'string', minLength: 1, maxLength: 20 }],
  ['z.string().length(3)', { type: 'string', minLength: 3, maxLength: 3 }],
  ['z.string().nonempty()', { type: 'string', minLength: 1 }],
  ['z.string().regex(/^a+$/)', { type: 'string', pattern: '^a+$' }],
  ['z.string().startsWith("a.")', { type: 'string', pattern: '^a\\.' }],
  ['z.email()', { type: 'string', format: 'email' }],
  ['z.string().email().max(9)', { type: 'string', format: 'email', maxLength: 9 }],
  ['z.uuid()', { type: 'string', format: 'uuid' }],
  ['z.url()', { type: 'string', format: 'uri' }],
  ['z.iso.datetime()', { type: 'string', format: 'date-time' }],
  ['z.iso.date()', { type: 'string', format: 'date' }],
  ['z.string().datetime()', { type: 'string', format: 'date-time' }],
  ['z.string().trim().toLowerCase()', { type: 'string' }],
  ['z.number()', { type: 'number' }],
  ['z.number().int().positive()', { type: 'integer', exclusiveMinimum: 0 }],
  ['z.int().min(1).max(10)', { type: 'integer', minimum: 1, maximum: 10 }],
  ['z.int().min(1).min(5)', { type: 'integer', minimum: 5 }],
  ['z.number().nonnegative().lt(1.5)', { type: 'number', minimum: 0, exclusiveMaximum: 1.5 }],
  ['z.number().multipleOf(0.5)', { type: 'number', multipleOf: 0.5 }],
  ['z.number().gte(-3).lte(-1)', { type: 'number', minimum: -3, maximum: -1 }],
  ['z.int32()', { type: 'integer', format: 'int32' }],
  ['z.coerce.number().int()', { type: 'integer' }],
  ['z.boolean()', { type: 'boolean' }],
  ['z.null()', { type: 'null' }],
  ['z.unknown()', {}],
  ['z.never()', false],
  ['z.literal("a")', { type: 'string', enum: ['a'] }],
  ['z.literal([1, null])', { type: ['null', 'integer'], enum: [1, null] }],
  ['z.enum(["a", "b"])', { type: 'string', enum: ['a', 'b'] }],
  ['z.enum({ A: "a", B: "b" })', { type: 'string', enum: ['a', 'b'] }],
  ['z.enum(["a", "b", "c"]).exclude(["b"])', { type: 'string', enum: ['a', 'c'] }],
  ['z.string().nullable()', { type: ['string', 'null'] }],
  ['z.nullable(z.int().min(1))', { type: ['integer', 'null'], minimum: 1 }],
  ['z.enum(["a"]).nullable()', { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] }],
  [
    'z.array(z.string()).min(1).max(5)',
    { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 5 },
  ],
  ['z.string().array()', { type: 'array', items: { type: 'string' } }],
  [
    'z.tuple([z.string(), z.number()])',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 2 },
  ],
  [
    'z.tuple([z.string()]).rest(z.number())',
    { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'number' }, minItems: 1 },
  ],
  ['z.record(z.string(), z.number())', { type: 'object', additionalProperties: { type: 'number' } }],
  [
    'z.record(z.string().min(2), z.number())',
    {
      type: 'object',
      additionalProperties: { type: 'number' },
      propertyNames: { type: 'string', minLength: 2 },
    },
  ],
  ['z.union([z.string(), z.number()])', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  ['z.string().or(z.number())', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  [
    'z.object({ a: z.string(), b: z.int().optional() })',
    object({ a: { type: 'string' }, b: { type: 'integer' } }, ['a']),
  ],
  [
    'z.strictObject({ a: z.string() })',
    { ...object({ a: { type: 'string' } }, ['a']), additionalProperties: false },
  ],
  [
    'z.object({ a: z.string() }).strict()',
    { ...object({ a: { type: 'string' } }, ['a']), additionalProperties: false },
  ],
  ['z.object({ a: z.string() }).passthrough()', object({ a: { type: 'string' } }, ['a'])],
  [
    'z.object({ a: z.string() }).catchall(z.int())',
    { ...object({ a: { type: 'string' } }, ['a']), additionalProperties: { type: 'integer' } },
  ],
  ['z.object({ a: z.string().default("q") })', object({ a: { type: 'string', default: 'q' } }, [])],
  ['z.object({ a: z.string().nullish() })', object({ a: { type: ['string', 'null'] } }, [])],
  [
    'z.object({ a: z.string(), b: z.string() }).extend({ b: z.int().optional() })',
    object({ a: { type: 'string' }, b: { type: 'integer' } }, ['a']),
  ],
  [
    'z.object({ a: z.string() }).merge(z.object({ b: z.string() }))',
    object({ a: { type: 'string' }, b: { type: 'string' } }, ['a', 'b']),
  ],
  ['z.object({ a: z.string(), b: z.string() }).pick({ a: true })', object({ a: { type: 'string' } }, ['a'])],
  ['z.object({ a: z.string(), b: z.string() }).omit({ a: true })', object({ b: { type: 'string' } }, ['b'])],
  ['z.object({ a: z.string() }).partial()', object({ a: { type: 'string' } }, [])],
  [
    'z.object({ a: z.string().optional(), b: z.string().optional() }).required({ a: true })',
    object({ a: { type: 'string' }, b: { type: 'string' } }, ['a']),
  ],
  ['z.object({ a: z.string(), b: z.string() }).keyof()', { type: 'string', enum: ['a', 'b'] }],
  [
    'z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() }))',
    { allOf: [object({ a: { type: 'string' } }, ['a']), object({ b: { type: 'string' } }, ['b'])] },
  ],
  ['z.string().describe("A name")', { type: 'string', description: 'A name' }],
  [
    'z.string().meta({ description: "A name", deprecated: true })',
    { type: 'string', description: 'A name', deprecated: true },
  ],
  ['z.string().brand("Id").readonly()', { type: 'string' }],
];

function object(
  properties: Readonly<Record<string, JsonValue>>,
  required: readonly string[],
): { [key: string]: JsonValue } {
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties };
}

describe('expressions', () => {
  test.each(EXPRESSIONS)('%s', async (expression, schema) => {
    const found = await readZod(expression);
    expect(found.schema).toEqual(schema);
    expect(found.told).toEqual([]);
  });

  /** What Zod says of itself, where JSON Schema has but one way to say it. */
  test.each(
    EXPRESSIONS.filter(([expression]) => /^z\.(?:string|number|int|array|literal|enum)\(/.test(expression)),
  )('Zod itself lets in the same: %s', async (expression) => {
    const { schema } = await readZod(expression);
    const own = new Function('z', `return ${expression}`)(z) as z.ZodType;
    const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    const samples = [
      'a',
      'b',
      'c',
      '',
      'aaa',
      'a.',
      'x@y.de',
      1,
      0,
      1.5,
      -2,
      5,
      7,
      10,
      11,
      null,
      true,
      [],
      ['a'],
    ];
    const accepted = (of: z.ZodType): unknown[] => samples.filter((value) => of.safeParse(value).success);
    // A coercion takes texts for numbers, which a contract leaves to where the text is from.
    if (!expression.includes('coerce') && !expression.includes('toLowerCase'))
      expect(accepted(read)).toEqual(accepted(own));
  });
});

describe('declared schemas', () => {
  test('are referred to by name, across files, and stay one where they are changed', async () => {
    const { schema, named } = await read({
      'user.ts':
        "import * as z from 'zod/v4';\nexport const User = z.object({ id: z.uuid(), name: z.string() });",
      'main.ts': `import { z } from 'zod';
import { User } from './user.js';
const Page = (item: z.ZodType) => z.object({ data: z.array(item), next: z.string().optional() });
export const x = z.object({ owner: User, page: Page(User), draft: User.omit({ id: true }), id: User.shape.id });`,
    });
    expect(named['User']).toEqual(
      object({ id: { type: 'string', format: 'uuid' }, name: { type: 'string' } }, ['id', 'name']),
    );
    const ref = { $ref: '#/components/schemas/User' };
    expect(schema).toEqual(
      object(
        {
          owner: ref,
          page: object({ data: { type: 'array', items: ref }, next: { type: 'string' } }, ['data']),
          draft: object({ name: { type: 'string' } }, ['name']),
          id: { type: 'string', format: 'uuid' },
        },
        ['owner', 'page', 'draft', 'id'],
      ),
    );
  });

  test('may refer to themselves, by lazy and by getters', async () => {
    const { named } = await read({
      'main.ts': `import { z } from 'zod';
const Tree: z.ZodType = z.lazy(() => z.object({ children: z.array(Tree) }));
const Node = z.object({ name: z.string(), get next() { return Node.optional(); } });
export const x = z.object({ tree: Tree, node: Node });`,
    });
    expect(named['Tree']).toEqual(
      object({ children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } }, ['children']),
    );
    expect(named['Node']).toEqual(
      object({ name: { type: 'string' }, next: { $ref: '#/components/schemas/Node' } }, ['name']),
    );
  });

  test('give a discriminator where their values are different', async () => {
    const { schema } = await read({
      'main.ts': `import { z } from 'zod';
const Cat = z.object({ kind: z.literal('cat'), lives: z.int() });
const Dog = z.object({ kind: z.literal('dog') });
export const x = z.discriminatedUnion('kind', [Cat, Dog]);`,
    });
    expect(schema).toEqual({
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
      discriminator: {
        propertyName: 'kind',
        mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
      },
    });
  });

  test('enumerations of TypeScript and Zod 3', async () => {
    const { schema, told } = await read({
      'main.ts': `import { z } from 'zod/v3';
const Colour = { Red: 'red', Blue: 'blue' } as const;
export const x = z.object({ colour: z.nativeEnum(Colour), scores: z.record(z.number()), ip: z.string().ip() });`,
    });
    expect(schema).toEqual(
      object(
        {
          colour: { type: 'string', enum: ['red', 'blue'] },
          scores: { type: 'object', additionalProperties: { type: 'number' } },
          ip: { type: 'string', format: 'ip' },
        },
        ['colour', 'scores', 'ip'],
      ),
    );
    expect(told).toEqual([]);
  });
});

describe('what a contract cannot say is told', () => {
  test.each([
    ['z.string().refine((s) => s.length % 2 === 0)', { type: 'string' }, /a check in code/],
    ['z.string().transform(Number)', { type: 'string' }, /transform/],
    ['z.preprocess(Number, z.number())', { type: 'number' }, /preprocess/],
    ['z.string().regex(/a/i)', { type: 'string' }, /flags i/],
    [
      'z.set(z.string())',
      { type: 'array', items: { type: 'string' }, uniqueItems: true },
      /no value of JSON/,
    ],
    ['z.object(unknownShape())', { type: 'object' }, /properties that are not known/],
    ['z.array(somewhere)', { type: 'array' }, /anything is taken for it/],
    ['z.string().min(limit())', { type: 'string' }, /limit of \.min\(\)/],
    ['z.symbol()', {}, /z\.symbol/],
  ] as const)('%s', async (expression, schema, message) => {
    const found = await readZod(expression);
    expect(found.schema).toEqual(schema);
    expect(found.told.join('\n')).toMatch(message);
  });

  test('what is no schema of Zod is none', async () => {
    expect((await readZod('[1, 2]')).schema).toBeUndefined();
    expect((await readZod('z.string().parse(1)')).schema).toBeUndefined();
    expect((await readZod('yup.string()')).schema).toBeUndefined();
  });
});
