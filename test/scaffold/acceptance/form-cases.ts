import { type Case, given, invalid, typed } from './case.ts';

const FORM = 'application/x-www-form-urlencoded';
const LIST = 'Invalid input: expected array, received string';
const NAN = 'Invalid input: expected number, received string';

const nested = (body: string): Pick<Case, 'method' | 'path' | 'headers' | 'body'> => ({
  method: 'POST',
  path: '/bodies/nested',
  ...typed(FORM, body),
});

const parts = (
  ...written: readonly (readonly [name: string, value: string, type?: string])[]
): Pick<Case, 'method' | 'path' | 'headers' | 'body'> => {
  const lines = written.flatMap(([name, value, type]) => [
    '--limit',
    `content-disposition: form-data; name="${name}"`,
    ...(type === undefined ? [] : [`content-type: ${type}`]),
    '',
    value,
  ]);
  const body = [...lines, '--limit--', ''].join('\r\n');
  return { method: 'POST', path: '/bodies/parts', ...typed('multipart/form-data; boundary=limit', body) };
};

/** Forms whose fields are lists and objects: in brackets, in the styles of a query string, and as JSON. */
export const FORMS: readonly Case[] = [
  {
    is: 'fields in brackets',
    ...nested(
      'lines[0][sku]=a&lines[0][price][amount]=5&lines[1][sku]=b&lines[1][price][tiers][]=1&lines[1][price][tiers][]=2',
    ),
    ...given({
      body: {
        lines: [
          { sku: 'a', price: { amount: 5 } },
          { sku: 'b', price: { tiers: [1, 2] } },
        ],
      },
    }),
  },
  {
    is: 'fields in brackets that are percent-encoded',
    ...nested('lines%5B0%5D%5Bsku%5D=a%5Bb%5D'),
    ...given({ body: { lines: [{ sku: 'a[b]' }] } }),
  },
  {
    is: 'lists in brackets out of order',
    ...nested('lines[10][sku]=b&lines[2][sku]=a'),
    ...given({ body: { lines: [{ sku: 'a' }, { sku: 'b' }] } }),
  },
  {
    is: 'a wrong field in brackets',
    ...nested('lines[0][sku]=a&lines[0][price][amount]=x'),
    ...invalid(['lines.0.price.amount', NAN]),
  },
  {
    is: 'a field too many in brackets',
    ...nested('lines[0][sku]=a&lines[0][wings]=2'),
    ...invalid(['lines.0.wings', 'Unrecognized key']),
  },
  { is: 'a range in brackets', ...nested('created[gt]=5'), ...given({ body: { created: { gt: 5 } } }) },
  { is: 'a number where a range may be', ...nested('created=5'), ...given({ body: { created: 5 } }) },
  {
    is: 'a list with commas',
    ...nested('colours=red,dark%2Cblue'),
    ...given({ body: { colours: ['red', 'dark,blue'] } }),
  },
  { is: 'a list with bars', ...nested('sizes=1%7C2'), ...given({ body: { sizes: [1, 2] } }) },
  {
    is: 'an object spread over fields',
    ...nested('city=Bern&zip=3000&tags=a'),
    ...given({ body: { tags: ['a'], where: { city: 'Bern', zip: 3000 } } }),
  },
  { is: 'a field of JSON', ...nested('raw=%5B1%2C2%5D'), ...given({ body: { raw: [1, 2] } }) },
  { is: 'a field of JSON that is none', ...nested('raw=1%2C2'), ...invalid(['raw', LIST]) },
  {
    is: 'an object as JSON, of which nothing is said',
    ...nested('plain=%7B%22deep%22%3Atrue%7D'),
    ...given({ body: { plain: { deep: true } } }),
  },
  {
    is: 'an object in brackets, of which nothing is said',
    ...nested('plain[deep]=true&plain[text]=1'),
    ...given({ body: { plain: { deep: true, text: '1' } } }),
  },
  { is: 'a list in brackets', ...nested('tags[]=a&tags[]=b'), ...given({ body: { tags: ['a', 'b'] } }) },
  { is: 'a list in brackets of one', ...nested('tags[]=a'), ...given({ body: { tags: ['a'] } }) },
  {
    is: 'brackets of no field',
    ...nested('wings[left]=1'),
    ...invalid(['wings[left]', 'Unrecognized key']),
  },
  {
    is: 'the prototype in brackets',
    ...nested('plain[__proto__][deep]=true&plain[deep]=false'),
    ...given({ body: { plain: { deep: false } } }),
  },
  {
    is: 'parts as lists, objects and JSON',
    ...parts(['notes', 'a'], ['notes', 'b'], ['meta', '{"n":1}'], ['counts', '[1,2]']),
    ...given({ body: { notes: ['a', 'b'], meta: { n: 1 }, counts: [1, 2] } }),
  },
  {
    is: 'parts with types of their own',
    ...parts(['meta', '{"n":1}', 'application/json'], ['notes', 'a', 'text/plain']),
    ...given({ body: { notes: ['a'], meta: { n: 1 } } }),
  },
  {
    is: 'a wrong part',
    ...parts(['meta', '{"n":"1"}']),
    ...invalid(['meta.n', NAN]),
  },
];
