import { gzipSync } from 'node:zlib';
import { type Case, given, invalid, jsonBody, typed } from './case.ts';
import { FORMS } from './form-cases.ts';

const created = (json: unknown): Pick<Case, 'status' | 'json'> => ({ status: 201, json });

const MALFORMED: Pick<Case, 'status' | 'error'> = {
  status: 400,
  error: {
    code: 'MALFORMED_JSON',
    message: 'The body is not valid JSON',
    details: [['body', 'Malformed JSON']],
  },
};

const TOO_LARGE: Pick<Case, 'status' | 'error'> = {
  status: 413,
  error: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than 2000 bytes' },
};

/** The answer to a body of another type than these. */
const wrongType = (accept: string): Pick<Case, 'status' | 'error' | 'answerHeaders'> => ({
  status: 415,
  error: { code: 'UNSUPPORTED_MEDIA_TYPE', message: `The body must be of type ${accept}` },
  answerHeaders: { accept },
});

const garbled = (what: string): Pick<Case, 'status' | 'error'> => ({
  status: 400,
  error: { code: 'MALFORMED_BODY', message: `The body is not ${what}` },
});

const pet = (value: unknown): Pick<Case, 'method' | 'path' | 'headers' | 'body'> => ({
  method: 'POST',
  path: '/pets',
  ...jsonBody(value),
});

const post = (
  path: string,
  type: string,
  body: string | Uint8Array,
): Pick<Case, 'method' | 'path' | 'headers' | 'body'> => ({
  method: 'POST',
  path,
  ...typed(type, body),
});

const parts = (...lines: readonly string[]): string => lines.join('\r\n');

const FILE_PART = parts(
  '--b',
  'content-disposition: form-data; name="file"; filename="a.txt"',
  'content-type: text/plain',
  '',
  'hello',
);

const part = (name: string, value: string): string =>
  parts('--b', `content-disposition: form-data; name="${name}"`, '', value);

const multipart = (...bodyParts: readonly string[]): Pick<Case, 'method' | 'path' | 'headers' | 'body'> =>
  post('/bodies/multipart', 'multipart/form-data; boundary=b', `${parts(...bodyParts, '--b--')}\r\n`);

const FORM = 'application/x-www-form-urlencoded';
const SEVERAL = `application/json, ${FORM}, text/*`;

/** JSON bodies. */
const JSON_BODIES: readonly Case[] = [
  { is: 'a body with a default', ...pet({ name: 'Rex' }), ...created({ body: { name: 'Rex', age: 1 } }) },
  {
    is: 'a body in full',
    ...pet({ name: 'Rex', age: 2, owner: { email: 'a@b.co' }, toys: [{ name: 'ball' }] }),
    ...created({ body: { name: 'Rex', age: 2, owner: { email: 'a@b.co' }, toys: [{ name: 'ball' }] } }),
  },
  {
    is: 'a body in pieces',
    chunked: true,
    ...pet({ name: 'Rex' }),
    ...created({ body: { name: 'Rex', age: 1 } }),
  },
  { is: 'no body', method: 'POST', path: '/pets', ...invalid(['body', 'Required']) },
  {
    is: 'a body without a type',
    method: 'POST',
    path: '/pets',
    body: '{}',
    ...wrongType('application/json'),
  },
  { is: 'an empty body', ...post('/pets', 'application/json', ''), ...invalid(['body', 'Required']) },
  {
    is: 'an empty body in pieces',
    chunked: true,
    ...post('/pets', 'application/json', ''),
    ...invalid(['body', 'Required']),
  },
  {
    is: 'a missing field',
    ...pet({}),
    ...invalid(['name', 'Invalid input: expected string, received undefined']),
  },
  {
    is: 'a field of a wrong type',
    ...pet({ name: 1 }),
    ...invalid(['name', 'Invalid input: expected string, received number']),
  },
  {
    is: 'a number as text',
    ...pet({ name: 'Rex', age: '2' }),
    ...invalid(['age', 'Invalid input: expected number, received string']),
  },
  { is: 'a field too many', ...pet({ name: 'Rex', wings: 2 }), ...invalid(['wings', 'Unrecognized key']) },
  {
    is: 'a field out of range',
    ...pet({ name: 'Rex', age: -1 }),
    ...invalid(['age', 'Too small: expected number to be >=0']),
  },
  {
    is: 'a nested field',
    ...pet({ name: 'Rex', owner: { email: 'me' } }),
    ...invalid(['owner.email', 'Invalid email address']),
  },
  {
    is: 'a field of an item',
    ...pet({ name: 'Rex', toys: [{ name: 'ball' }, {}] }),
    ...invalid(['toys.1.name', 'Invalid input: expected string, received undefined']),
  },
  {
    is: 'a list instead of an object',
    ...pet([]),
    ...invalid(['body', 'Invalid input: expected object, received array']),
  },
  {
    is: 'JSON null',
    ...post('/pets', 'application/json', 'null'),
    ...invalid(['body', 'Invalid input: expected object, received null']),
  },
  { is: 'malformed JSON', ...post('/pets', 'application/json', '{"name":'), ...MALFORMED },
  { is: 'a wrong media type', ...post('/pets', 'text/plain', 'Rex'), ...wrongType('application/json') },
  { is: 'a media type that is none', ...post('/pets', 'nonsense', 'Rex'), ...wrongType('application/json') },
  {
    is: 'a media type with parameters, in capitals',
    ...post('/pets', 'Application/JSON; charset=utf-8', '{"name":"Rex"}'),
    ...created({ body: { name: 'Rex', age: 1 } }),
  },
  { is: 'a body too large', ...pet({ name: 'x'.repeat(3000) }), ...TOO_LARGE },
  { is: 'a body too large in pieces', chunked: true, ...pet({ name: 'x'.repeat(3000) }), ...TOO_LARGE },
  {
    is: 'a gzip body',
    method: 'POST',
    path: '/pets',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync('{"name":"Rex"}'),
    ...created({ body: { name: 'Rex', age: 1 } }),
  },
  {
    is: 'a gzip body that grows too large',
    method: 'POST',
    path: '/pets',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ name: 'x'.repeat(9000) })),
    ...TOO_LARGE,
  },
  {
    is: 'a gzip body that is none',
    method: 'POST',
    path: '/pets',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: 'plain',
    ...garbled('encoded as its header says'),
  },
  {
    is: 'an unknown encoding',
    method: 'POST',
    path: '/pets',
    headers: { 'content-type': 'application/json', 'content-encoding': 'lzma' },
    body: 'x',
    status: 415,
    error: { code: 'UNSUPPORTED_ENCODING', message: 'The content encoding is not supported' },
    answerHeaders: { 'accept-encoding': 'gzip, deflate, br' },
  },
  {
    is: 'the prototype as a field',
    ...post('/pets', 'application/json', '{"name":"Rex","__proto__":{"x":1}}'),
    ...invalid(['__proto__', 'Unrecognized key']),
  },
  {
    is: 'the prototype as a field of an open object, in disguise',
    ...post('/bodies/shape', 'application/json', '{"kind":"box","side":2,"x":[{"\\u005f_prot\\u006F__":1}]}'),
    ...invalid(['x.0.__proto__', 'Unrecognized key']),
  },
  {
    is: 'an alternative by its discriminator',
    ...post('/bodies/shape', 'application/json', '{"kind":"box","side":2}'),
    ...given({ body: { kind: 'box', side: 2 } }),
  },
  {
    is: 'an alternative with a wrong field',
    ...post('/bodies/shape', 'application/json', '{"kind":"round","radius":"2"}'),
    ...invalid(['radius', 'Invalid input: expected number, received string']),
  },
];

/** Bodies of other types. */
const OTHER_BODIES: readonly Case[] = [
  {
    is: 'a form',
    ...post('/bodies/form', FORM, 'name=R+x&age=2&tags=a&tags=b'),
    ...given({ body: { name: 'R x', age: 2, tags: ['a', 'b'] } }),
  },
  {
    is: 'a form with one item',
    ...post('/bodies/form', FORM, 'name=Rex&tags=a'),
    ...given({ body: { name: 'Rex', tags: ['a'] } }),
  },
  {
    is: 'a form without a field',
    ...post('/bodies/form', FORM, 'age=2'),
    ...invalid(['name', 'Invalid input: expected string, received undefined']),
  },
  {
    is: 'a form with a wrong field',
    ...post('/bodies/form', FORM, 'name=Rex&age=two'),
    ...invalid(['age', 'Invalid input: expected number, received string']),
  },
  {
    is: 'a form with a field too many',
    ...post('/bodies/form', FORM, 'name=Rex&wings=2'),
    ...invalid(['wings', 'Unrecognized key']),
  },
  {
    is: 'a file',
    ...multipart(part('title', 'T'), part('count', '3'), FILE_PART),
    ...given({ title: 'T', count: 3, file: ['a.txt', 'text/plain', 'hello'] }),
  },
  {
    is: 'a file missing',
    ...multipart(part('title', 'T')),
    ...invalid(['file', 'Invalid input: expected file, received undefined']),
  },
  {
    is: 'a text field beside a file missing',
    ...multipart(FILE_PART),
    ...invalid(['title', 'Invalid input: expected string, received undefined']),
  },
  {
    is: 'multipart that is none',
    ...post('/bodies/multipart', 'multipart/form-data; boundary=b', 'x'),
    ...garbled('valid multipart/form-data'),
  },
  {
    is: 'text',
    ...post('/bodies/text', 'text/plain', 'hällo'),
    status: 200,
    text: 'HÄLLO',
    answerHeaders: { 'content-type': 'text/plain; charset=utf-8' },
  },
  {
    is: 'bytes, streamed',
    ...post('/bodies/binary', 'application/octet-stream', 'abc'),
    status: 200,
    text: 'cba',
    answerHeaders: { 'content-type': 'application/octet-stream' },
  },
  {
    is: 'bytes in pieces',
    chunked: true,
    ...post('/bodies/binary', 'application/octet-stream', 'abc'),
    status: 200,
    text: 'cba',
  },
  {
    is: 'the first of several types',
    ...post('/bodies/several', 'application/json', '{"name":"Rex"}'),
    ...given({ contentType: 'application/json', body: { name: 'Rex' } }),
  },
  {
    is: 'the second of several types',
    ...post('/bodies/several', FORM, 'name=Rex'),
    ...given({ contentType: FORM, body: { name: 'Rex' } }),
  },
  {
    is: 'a range of types',
    ...post('/bodies/several', 'text/markdown', '# Rex'),
    ...given({ contentType: 'text/markdown', body: '# Rex' }),
  },
  {
    is: 'none of several types',
    ...post('/bodies/several', 'application/xml', '<a/>'),
    ...wrongType(SEVERAL),
  },
  { is: 'no body where none is needed', method: 'POST', path: '/bodies/several', ...given({}) },
];

export const BODIES: readonly Case[] = [...JSON_BODIES, ...OTHER_BODIES, ...FORMS];
