import { type Case, given, invalid } from './case.ts';

const NAN = 'Invalid input: expected number, received string';

/** Parameters from every place and in every style. */
export const PARAMETERS: readonly Case[] = [
  { is: 'a query with defaults', path: '/pets?q=ab', ...given({ query: { limit: 20, q: 'ab' } }) },
  {
    is: 'a query in full',
    path: '/pets?q=a%26b&limit=5&sort=age&tame=true',
    ...given({ query: { limit: 5, sort: 'age', tame: true, q: 'a&b' } }),
  },
  { is: 'a plus sign in a query', path: '/pets?q=a+b', ...given({ query: { limit: 20, q: 'a b' } }) },
  {
    is: 'an unknown query parameter',
    path: '/pets?q=ab&other=1',
    ...given({ query: { limit: 20, q: 'ab' } }),
  },
  { is: 'a missing query parameter', path: '/pets', ...invalid(['q', 'Required (query parameter)']) },
  { is: 'a query parameter of a wrong type', path: '/pets?q=ab&limit=ten', ...invalid(['limit', NAN]) },
  {
    is: 'a query parameter out of range',
    path: '/pets?q=ab&limit=101',
    ...invalid(['limit', 'Too big: expected number to be <=100']),
  },
  {
    is: 'a query parameter not of the list',
    path: '/pets?q=ab&sort=size',
    ...invalid(['sort', 'Invalid option: expected one of "name"|"age"']),
  },
  {
    is: 'a query parameter that is no boolean',
    path: '/pets?q=ab&tame=yes',
    ...invalid(['tame', 'Invalid input: expected boolean, received string']),
  },
  {
    is: 'a query parameter given twice',
    path: '/pets?q=ab&q=cd',
    ...invalid(['q', 'Invalid input: expected string, received array']),
  },
  {
    is: 'everything wrong at once',
    path: '/pets?limit=0&sort=size',
    ...invalid(
      ['limit', 'Too small: expected number to be >=1'],
      ['sort', 'Invalid option: expected one of "name"|"age"'],
      ['q', 'Required (query parameter)'],
    ),
  },
  { is: 'a path parameter of a wrong type', path: '/pets/seven', ...invalid(['petId', NAN]) },
  {
    is: 'a path parameter out of range',
    path: '/pets/0',
    ...invalid(['petId', 'Too small: expected number to be >=1']),
  },
  { is: 'a path parameter that only starts as a number', path: '/pets/7x', ...invalid(['petId', NAN]) },
  {
    is: 'headers',
    path: '/headers',
    headers: { 'x-count': '3', 'x-list': '1, 2' },
    ...given({ headers: { 'X-Count': 3, 'X-List': [1, 2], 'X-Mode': 'slow' } }),
  },
  { is: 'a missing header', path: '/headers', ...invalid(['X-Count', 'Required (header parameter)']) },
  {
    is: 'a header of a wrong type',
    path: '/headers',
    headers: { 'x-count': 'three' },
    ...invalid(['X-Count', NAN]),
  },
  {
    is: 'a header out of range',
    path: '/headers',
    headers: { 'x-count': '11' },
    ...invalid(['X-Count', 'Too big: expected number to be <=10']),
  },
  {
    is: 'a header with a wrong item',
    path: '/headers',
    headers: { 'x-count': '1', 'x-list': '1,b' },
    ...invalid(['X-List.1', NAN]),
  },
  {
    is: 'cookies',
    path: '/cookies',
    headers: { cookie: 'a=b; session=s%20s; visits=2' },
    ...given({ cookies: { session: 's s', visits: 2 } }),
  },
  {
    is: 'a missing cookie',
    path: '/cookies',
    headers: { cookie: 'visits=2' },
    ...invalid(['session', 'Required (cookie parameter)']),
  },
  {
    is: 'a cookie of a wrong type',
    path: '/cookies',
    headers: { cookie: 'session=abc; visits=x' },
    ...invalid(['visits', NAN]),
  },
  {
    is: 'a cookie out of range',
    path: '/cookies',
    headers: { cookie: 'session=abc; visits=-1' },
    ...invalid(['visits', 'Too small: expected number to be >=0']),
  },
  {
    is: 'simple',
    path: '/styles/simple/1,2/x,1,y,2/x=3,y=4',
    ...given({ path: { list: [1, 2], flat: { x: 1, y: 2 }, exploded: { x: 3, y: 4 } } }),
  },
  {
    is: 'a separator that is encoded separates nothing',
    path: '/styles/texts/a%2Cb,c%20d%2Fe/x,1%2C2/y=3%2C%3D',
    ...given({ path: { list: ['a,b', 'c d/e'], flat: { x: '1,2' }, exploded: { y: '3,=' } } }),
  },
  {
    is: 'an encoded separator in a label and a matrix',
    path: '/styles/marks/.a%2Cb.c%2Ed/;m=a%2Cb,c%3Bd',
    ...given({ path: { l: ['a,b', 'c.d'], m: ['a,b', 'c;d'] } }),
  },
  { is: 'simple with a wrong item', path: '/styles/simple/1,b/x,1/x=3', ...invalid(['list.1', NAN]) },
  {
    is: 'simple with a missing member',
    path: '/styles/simple/1/y,1/x=3',
    ...invalid(['flat.x', 'Invalid input: expected number, received undefined']),
  },
  {
    is: 'label',
    path: '/styles/label/.1,2/.x=3.y=4',
    ...given({ path: { list: [1, 2], exploded: { x: 3, y: 4 } } }),
  },
  {
    is: 'matrix',
    path: '/styles/matrix/;one=5/;list=1;list=2/;x=3;y=4',
    ...given({ path: { one: 5, list: [1, 2], exploded: { x: 3, y: 4 } } }),
  },
  {
    is: 'form',
    path: '/styles/query?form=1&form=2&comma=a,b%2Cc',
    ...given({ query: { form: [1, 2], comma: ['a', 'b,c'] } }),
  },
  { is: 'form with one item', path: '/styles/query?form=1', ...given({ query: { form: [1] } }) },
  {
    is: 'spaceDelimited and pipeDelimited',
    path: '/styles/query?spaces=1%202&pipes=3%7C4',
    ...given({ query: { spaces: [1, 2], pipes: [3, 4] } }),
  },
  {
    is: 'deepObject',
    path: '/styles/query?deep[x]=1&deep%5By%5D=2',
    ...given({ query: { deep: { x: 1, y: 2 } } }),
  },
  { is: 'deepObject with a wrong member', path: '/styles/query?deep[x]=a', ...invalid(['deep.x', NAN]) },
  { is: 'a flat object', path: '/styles/query?flat=x,1,y,2', ...given({ query: { flat: { x: 1, y: 2 } } }) },
  { is: 'content', path: '/styles/query?json=%7B%22x%22%3A1%7D', ...given({ query: { json: { x: 1 } } }) },
  {
    is: 'content with a wrong member',
    path: '/styles/query?json=%7B%22x%22%3A%22a%22%7D',
    ...invalid(['json.x', NAN]),
  },
  {
    is: 'content that is no JSON',
    path: '/styles/query?json=x',
    ...invalid(['json', 'Invalid input: expected object, received string']),
  },
  {
    is: 'an exploded object',
    path: '/styles/exploded?x=1&y=2',
    ...given({ query: { point: { x: 1, y: 2 } } }),
  },
  { is: 'a query that is badly encoded', path: '/pets?q=%zz', ...given({ query: { limit: 20, q: '%zz' } }) },
  {
    is: 'the prototype as a name',
    path: '/pets?q=ab&__proto__[x]=1',
    ...given({ query: { limit: 20, q: 'ab' } }),
  },
];
