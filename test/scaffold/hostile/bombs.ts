/** A document made to cost as much as it can: its text, and what becomes of it. */
export interface Bomb {
  readonly name: string;
  /** Given the folder it is put in, for documents of several files. */
  readonly text: () => string | Uint8Array;
  /** Further files beside it. */
  readonly files?: () => Readonly<Record<string, string>>;
  /** How the command ends: a code, or `handled` for a server like any other. */
  readonly end: string;
  /** Too large, or not yet measured: not in the default suite. */
  readonly big?: true;
}

const document = (more: object): string =>
  JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: {}, ...more });

const schemas = (all: object): string => document({ components: { schemas: all } });

const operation = (more: object): object => ({ get: { responses: { 200: { description: 'ok' } }, ...more } });

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const named = (count: number, make: (at: number) => unknown): object =>
  Object.fromEntries(times(count, (at) => [`S${at}`, make(at)]));

const deepArray = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const deepSchema = (depth: number): string =>
  `{"openapi":"3.1.0","info":{},"paths":{},"components":{"schemas":{"A":${'{"items":'.repeat(depth)}{}${'}'.repeat(depth)}}}}`;

const aliases = (levels: number, each: number): string =>
  [
    'a: &a0 [x,x,x,x,x,x,x,x,x]',
    ...times(levels, (at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(each)}]`),
  ].join('\n');

const HEAD = 'openapi: 3.1.0\ninfo: { title: t, version: "1" }\n';

/** Every schema includes the next one twice: twice as many ways at every step. */
const doubling = (count: number, keyword: 'allOf' | 'anyOf' | 'oneOf'): string =>
  schemas(
    named(count, (at) =>
      at === count - 1
        ? { type: 'object', properties: { a: { type: 'string' } } }
        : { [keyword]: [ref(`S${at + 1}`), ref(`S${at + 1}`)], description: `${at}` },
    ),
  );

export const BOMBS: readonly Bomb[] = [
  { name: 'aliases of aliases', text: () => aliases(9, 9), end: 'SCF004' },
  { name: 'aliases of aliases, wide', text: () => aliases(3, 400), end: 'SCF004' },
  { name: 'an alias of itself', text: () => `${HEAD}paths: &p\n  /a: *p\n`, end: 'SCF004' },
  {
    name: 'merge keys of merge keys',
    text: () =>
      `a0: &a0 { k: v }\n${times(24, (at) => `a${at + 1}: &a${at + 1} { <<: [*a${at}, *a${at}] }`).join('\n')}\n`,
    end: 'SCF004',
  },
  {
    name: '100,000 merge keys',
    text: () =>
      `${HEAD}x-a: &a { ${times(1_000, (at) => `k${at}: v`).join(', ')} }\nx-b: [${times(9_000, () => '{ <<: *a }').join(', ')}]\npaths: {}\n`,
    end: 'SCF004',
  },
  { name: '10,000 levels of YAML', text: () => deepArray(10_000), end: 'SCF004' },
  { name: '1,000,000 levels of JSON', text: () => deepArray(1_000_000), end: 'SCF004' },
  {
    name: '100,000 levels of block YAML',
    text: () => `${HEAD}x-deep:\n${times(3_000, (at) => `${' '.repeat(at + 1)}a:`).join('\n')}\npaths: {}\n`,
    end: 'SCF004',
  },
  { name: '10,000 levels of schema', text: () => deepSchema(10_000), end: 'SCF004' },
  { name: '300 levels of schema', text: () => deepSchema(300), end: 'handled' },
  {
    name: '10,000 levels of a default',
    text: () => schemas({ A: { default: 'deep' } }).replace('"deep"', deepArray(10_000)),
    end: 'SCF004',
  },
  {
    name: '10,000 levels of an enum',
    text: () => schemas({ A: { enum: [0] } }).replace('[0]', `[${deepArray(10_000)}]`),
    end: 'SCF004',
  },
  {
    name: 'a chain of 20,000 references',
    text: () => schemas(named(20_000, (at) => (at === 19_999 ? {} : ref(`S${at + 1}`)))),
    end: 'SCF052',
  },
  {
    name: 'a circle of 5,000 references',
    text: () => schemas(named(5_000, (at) => ref(`S${(at + 1) % 5_000}`))),
    end: 'handled',
  },
  {
    name: 'a circle of 2,000 allOf',
    text: () => schemas(named(2_000, (at) => ({ allOf: [ref(`S${(at + 1) % 2_000}`), { type: 'object' }] }))),
    end: 'SCF052',
  },
  {
    name: 'every schema includes every other',
    text: () => schemas(named(120, () => ({ allOf: times(120, (other) => ref(`S${other}`)) }))),
    end: 'SCF052',
  },
  { name: 'allOf twice, 60 steps', text: () => doubling(60, 'allOf'), end: 'SCF052' },
  { name: 'anyOf twice, 60 steps', text: () => doubling(60, 'anyOf'), end: 'SCF052' },
  { name: 'oneOf twice, 60 steps', text: () => doubling(60, 'oneOf'), end: 'SCF052' },
  {
    name: 'unevaluated properties of 60 doubled steps',
    text: () => doubling(60, 'allOf').replace('"allOf"', '"unevaluatedProperties":false,"allOf"'),
    end: 'SCF052',
  },
  {
    name: 'a parameter of 60 doubled steps',
    text: () =>
      doubling(60, 'anyOf').replace(
        '"paths":{}',
        `"paths":${JSON.stringify({ '/a': operation({ parameters: [{ name: 'q', in: 'query', schema: ref('S0') }] }) })}`,
      ),
    end: 'SCF052',
  },
  {
    name: 'a reference chain of parameters that is a circle',
    text: () =>
      document({
        paths: { '/a': operation({ parameters: [{ $ref: '#/components/parameters/A' }] }) },
        components: {
          parameters: { A: { $ref: '#/components/parameters/B' }, B: { $ref: '#/components/parameters/A' } },
        },
      }),
    end: 'SCF005',
  },
  { name: 'a reference to the document itself', text: () => schemas({ A: { $ref: '#' } }), end: 'handled' },
  {
    name: 'an enum of 500,000 values',
    text: () => schemas({ A: { enum: times(500_000, (at) => `v${at}`) } }),
    end: 'handled',
  },
  {
    name: 'an enum of 100,000 objects',
    text: () => schemas({ A: { enum: times(100_000, (at) => ({ at })) } }),
    end: 'handled',
  },
  {
    name: '200,000 properties',
    text: () =>
      schemas({
        A: {
          type: 'object',
          properties: named(200_000, () => ({ type: 'string' })),
          required: times(200_000, (at) => `S${at}`),
        },
      }),
    end: 'handled',
  },
  {
    name: '50,000 parameters',
    text: () =>
      document({
        paths: {
          '/a': operation({
            parameters: times(50_000, (at) => ({ name: `p${at}`, in: 'query', schema: { type: 'string' } })),
          }),
        },
      }),
    end: 'handled',
  },
  {
    name: '30,000 schemas of one name',
    text: () =>
      schemas(
        Object.fromEntries(times(30_000, (at) => [`a${'-'.repeat(at % 300)}${'_'.repeat(at / 300)}`, {}])),
      ),
    end: 'handled',
  },
  {
    name: '20,000 operations of one name',
    text: () =>
      document({
        paths: Object.fromEntries(times(20_000, (at) => [`/p${at}`, operation({ operationId: 'same' })])),
      }),
    end: 'handled',
  },
  {
    name: '10,000 tags',
    text: () =>
      document({
        paths: Object.fromEntries(times(10_000, (at) => [`/p${at}/{x}`, operation({ tags: [`tag ${at}`] })])),
      }),
    end: 'handled',
  },
  {
    name: '5,000 templates that overlap, each in a tag of its own',
    text: () =>
      document({
        paths: Object.fromEntries(times(5_000, (at) => [`/{a}-${at}/{b}`, operation({ tags: [`t${at}`] })])),
      }),
    end: 'SCF053',
  },
  {
    name: 'a path of 100,000 segments',
    text: () => document({ paths: { ['/a'.repeat(100_000)]: operation({}) } }),
    end: 'SCF004',
  },
  {
    name: 'a path of 10,000 parameters',
    text: () => document({ paths: { [times(10_000, (at) => `/{p${at}}`).join('')]: operation({}) } }),
    end: 'SCF004',
  },
  {
    name: 'a description of 30 MB',
    text: () => schemas({ A: { description: 'x\n'.repeat(15_000_000) } }),
    end: 'handled',
  },
  { name: 'a name of 10 MB', text: () => schemas({ ['x'.repeat(10_000_000)]: {} }), end: 'handled' },
  {
    name: 'a pattern of 10 MB',
    text: () => schemas({ A: { type: 'string', pattern: '(a|'.repeat(3_000_000) } }),
    end: 'handled',
  },
  {
    name: '20,000 patterns that are hard to look through',
    text: () => schemas(named(20_000, (at) => ({ type: 'string', pattern: `[abc]*a[abc]{16}d{${at}}` }))),
    end: 'handled',
    big: true,
  },
  {
    name: 'numbers beyond all bounds',
    text: () =>
      schemas({ A: { type: 'number', minimum: 0, maximum: 1, multipleOf: 2 } })
        .replace('"minimum":0', '"minimum":-0')
        .replace('"maximum":1', '"maximum":1e400')
        .replace('"multipleOf":2', '"multipleOf":5e-324'),
    end: 'handled',
  },
  {
    name: 'limits beyond all bounds',
    text: () =>
      schemas({
        A: { type: 'string', minLength: 0.5, maxLength: 1e308 },
        B: { type: 'array', minItems: 1e300, maxItems: -1 },
      }),
    end: 'handled',
  },
  { name: 'duplicate keys in YAML', text: () => `${HEAD}paths: {}\npaths: { /a: {} }\n`, end: 'SCF002' },
  {
    name: 'duplicate keys in JSON',
    text: () => document({}).replace('"paths":{}', '"paths":{},"paths":{"/a":{}}'),
    end: 'handled',
  },
  {
    name: 'UTF-8 that is none',
    text: () => new Uint8Array([...new TextEncoder().encode(HEAD), 0xff, 0xfe, 0xc3, 0x28]),
    end: 'SCF002',
  },
  {
    name: 'UTF-16 with half a pair',
    text: () => new Uint8Array([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8]),
    end: 'SCF002',
  },
  { name: 'UTF-16 of an odd length', text: () => new Uint8Array([0xff, 0xfe, 0x61]), end: 'SCF002' },
  {
    name: 'half a pair in a name',
    text: () => schemas({ '\ud800': { type: 'string', enum: ['\udfff'] } }),
    end: 'handled',
  },
  {
    name: '60 MB of comments',
    text: () => `${HEAD}paths: {}\n${'# x\n'.repeat(15_000_000)}`,
    end: 'SCF004',
  },
  {
    name: '65 MB',
    text: () => `${HEAD}paths: {}\n${' '.repeat(65 * 1024 * 1024)}`,
    end: 'SCF004',
    big: true,
  },
  {
    name: '60 MB of YAML lists',
    text: () => `${HEAD}paths: {}\nx-list:\n${'- a\n'.repeat(15_000_000)}`,
    end: 'SCF004',
    big: true,
  },
  {
    name: '60 MB of flow YAML',
    text: () => `{openapi: 3.1.0, paths: {}, x-list: [${'a,'.repeat(30_000_000)}]}`,
    end: 'SCF004',
    big: true,
  },
  {
    name: '60 MB of JSON',
    text: () => document({ 'x-list': [] }).replace('[]', `[${'{},'.repeat(20_000_000)}{}]`),
    end: 'SCF004',
    big: true,
  },
  {
    name: '10,000 files that do not exist',
    text: () => schemas(named(10_000, (at) => ({ $ref: `./f${at}.yaml` }))),
    end: 'handled',
    big: true,
  },
  {
    name: 'a file that refers to itself under ever new names',
    text: () => schemas({ A: { $ref: './b.json?0#/x' } }),
    files: () => ({ 'b.json': '{"x":{"$ref":"./b.json?00#/x"}}' }),
    end: 'handled',
    big: true,
  },
];
