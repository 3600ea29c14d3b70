import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateSpec } from '../../src/scaffold/index.ts';
import { type JsonObject, objectAt } from '../../src/scaffold/model/json.ts';
import { lintDocument } from '../support/linter.ts';
import { folderWith } from '../support/scratch-folder.ts';
import { type ReadSources, readSources } from '../support/sources.ts';

/** The document of one file, and what is told of it. */
const described = (source: string, file = 'app.js'): Promise<ReadSources> => readSources({ [file]: source });

const at = (document: JsonObject, ...path: readonly string[]): JsonObject => path.reduce(objectAt, document);

const operation = ({ document }: ReadSources, method: string, path: string): JsonObject =>
  at(document, 'paths', path, method);

/** The schema of a request's body, references followed. */
function bodySchema(
  from: ReadSources,
  method: string,
  path: string,
  mediaType = 'application/json',
): JsonObject {
  const schema = at(operation(from, method, path), 'requestBody', 'content', mediaType, 'schema');
  const name =
    String(schema['$ref'] ?? '')
      .split('/')
      .at(-1) ?? '';
  return name === '' ? schema : at(from.document, 'components', 'schemas', name);
}

const statuses = (from: ReadSources, method: string, path: string): string[] =>
  Object.keys(at(operation(from, method, path), 'responses'));

describe("Joi's options", () => {
  test('one schema that two calls use with different options is two components, with the same one', async () => {
    const found = await described(`const express = require('express');
const Joi = require('joi');
const app = express();
const S = Joi.object({ a: Joi.string() });
const validate = (schema) => (req, res, next) => {
  const { error } = schema.validate(req.body, { abortEarly: false, allowUnknown: true });
  next(error);
};
app.post('/plain', (req, res) => { S.validate(req.body); res.end(); });
app.post('/open', validate(S), (req, res) => res.end());
app.put('/open', validate(S), (req, res) => res.end());
`);
    const text = { type: 'string', minLength: 1 };
    expect(at(found.document, 'components', 'schemas')).toEqual({
      S: { type: 'object', properties: { a: text }, additionalProperties: false },
      S2: { type: 'object', properties: { a: text } },
    });
    expect(bodySchema(found, 'put', '/open')).toEqual(bodySchema(found, 'post', '/open'));
  });

  test('a list of one may come as its item, a timestamp is a number; what isoDate takes besides a date-time is told', async () => {
    const found = await described(`const Joi = require('joi');
const app = require('express')();
const one = Joi.array().items(Joi.number()).single();
app.post('/a', (req, res) => { Joi.object({ one, day: Joi.string().isoDate(), at: Joi.date().timestamp() }).validate(req.body); res.end(); });
`);
    expect(bodySchema(found, 'post', '/a')['properties']).toEqual({
      one: { anyOf: [{ type: 'array', items: { type: 'number' } }, { type: 'number' }] },
      day: { type: 'string', minLength: 1 },
      at: { type: 'number' },
    });
    expect(found.told).toContain('SCF079 4');
  });

  test('options that the run decides are named, and nothing is closed on their account', async () => {
    const found = await described(`const Joi = require('joi');
const app = require('express')();
app.post('/a', (req, res) => {
  Joi.object({ a: Joi.number() }).validate(req.body, settings());
  res.end();
});
`);
    expect(bodySchema(found, 'post', '/a')).toEqual({
      type: 'object',
      properties: { a: { type: 'number' } },
    });
    expect(found.told).toContain('SCF076 4');
  });

  test('celebrate and celebrator take them too, and answer with the status that errors() is given', async () => {
    const found =
      await described(`const { celebrate, celebrator, Joi, errors, Segments } = require('celebrate');
const app = require('express')();
const body = Joi.object({ a: Joi.string() });
app.post('/a', celebrate({ [Segments.BODY]: body }, { allowUnknown: true }), (req, res) => res.end());
app.post('/b', celebrator({ reqContext: true }, { presence: 'required' }, { body }), (req, res) => res.end());
app.post('/c', celebrator({ reqContext: true })({ presence: 'required' })({ body }), (req, res) => res.end());
app.use(errors({ statusCode: 422 }));
`);
    expect(bodySchema(found, 'post', '/a')).not.toHaveProperty('additionalProperties');
    for (const path of ['/b', '/c']) expect(bodySchema(found, 'post', path)['required']).toEqual(['a']);
    for (const path of ['/a', '/b', '/c']) expect(statuses(found, 'post', path)).toEqual(['200', '422']);
  });
});

describe('fields that express-validator checks wherever they are', () => {
  const CHECK = `const { check, checkSchema, body, checkExact, validationResult } = require('express-validator');
const app = require('express')();
`;
  const parameters = (from: ReadSources, method: string, path: string): unknown =>
    operation(from, method, path)['parameters'] ?? [];

  test('are parameters of the path by that name, else where the handler reads them, else in the body', async () => {
    const found = await described(`${CHECK}
app.delete('/items/:id', check('id').isMongoId(), (req, res) => res.end());
app.put('/items/:id', check('id').isInt(), check('name').isString(), (req, res) => res.end());
app.get('/items', check('page').isInt(), (req, res) => res.end());
app.post('/search', check('q').isInt(), (req, res) => res.json(find(req.query.q)));
app.delete('/items', check('ids').isArray(), (req, res) => res.json(drop(req.body.ids)));
app.get('/me', check('x-key').isUUID(), (req, res) => res.json(me(req.get('X-Key'))));
app.post('/both', check('a').isInt(), (req, res) => res.json(one(req.query.a ?? req.body.a)));
app.post('/schema', checkSchema({ a: { in: ['query', 'body'], isInt: true }, b: { isInt: true } }), (req, res) =>
  res.json(one(req.query.a)));
`);
    const id = { name: 'id', in: 'path', required: true };
    expect(parameters(found, 'delete', '/items/{id}')).toEqual([
      { ...id, schema: { type: 'string', pattern: '^[0-9a-fA-F]{24}$' } },
    ]);
    expect(operation(found, 'delete', '/items/{id}')).not.toHaveProperty('requestBody');
    expect(parameters(found, 'put', '/items/{id}')).toEqual([{ ...id, schema: { type: 'integer' } }]);
    expect(bodySchema(found, 'put', '/items/{id}')).toEqual({
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' } },
    });
    const query = (name: string, required: boolean): object => ({
      name,
      in: 'query',
      ...(required ? { required } : {}),
      schema: { type: 'integer' },
    });
    expect(parameters(found, 'get', '/items')).toEqual([query('page', true)]);
    expect(parameters(found, 'post', '/search')).toEqual([query('q', true)]);
    expect(operation(found, 'post', '/search')).not.toHaveProperty('requestBody');
    expect(bodySchema(found, 'delete', '/items')['required']).toEqual(['ids']);
    expect(parameters(found, 'get', '/me')).toMatchObject([{ name: 'x-key', in: 'header', required: true }]);
    expect(parameters(found, 'post', '/both')).toEqual([query('a', false)]);
    expect(bodySchema(found, 'post', '/both')).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' } },
    });
    expect(parameters(found, 'post', '/schema')).toEqual([query('a', true)]);
    expect(bodySchema(found, 'post', '/schema')['properties']).toEqual({ b: { type: 'integer' } });
  });

  test('a body without a name is the whole of it, and a name that the run decides is told', async () => {
    const found = await described(`${CHECK}
app.post('/list', body().isArray({ max: 3 }), body('*.name').isString(), (req, res) => res.end());
app.post('/some', body(nameOf()).isString(), (req, res) => res.end());
`);
    expect(bodySchema(found, 'post', '/list')).toEqual({
      type: 'array',
      maxItems: 3,
      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    });
    expect(found.told).toContain('SCF076 5');
  });

  test('parameters of the path and of the query that may not be empty are texts', async () => {
    const found = await described(`${CHECK}
const Joi = require('joi');
app.get('/a/:id', check('id').notEmpty(), check('q').notEmpty(), (req, res) => res.end());
app.get('/b/:id', (req, res) => {
  Joi.object({ id: Joi.required().custom(isId) }).validate(req.params);
  res.end();
});
`);
    const schema = { type: 'string', minLength: 1 };
    expect(parameters(found, 'get', '/a/{id}')).toMatchObject([
      { name: 'id', in: 'path', schema },
      { name: 'q', in: 'query', schema },
    ]);
    expect(parameters(found, 'get', '/b/{id}')).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    expect(found.told).toContain('SCF079 7');
  });
});

describe("Fastify's schemas and forms", () => {
  test('keywords that Ajv was taught are named, not copied; members by their names stay', async () => {
    const found = await described(`import Fastify from 'fastify';
import { Type } from '@sinclair/typebox';
const app = Fastify();
app.post('/a', {
  schema: {
    body: {
      type: 'object',
      properties: {
        a: { type: 'string', transform: ['trim'], errorMessage: 'bad', minLength: { $data: '1/b' } },
        b: { instanceof: 'Date' },
        transform: { type: 'string', nullable: true, default: { transform: 1 }, 'x-order': 1 },
        d: { enum: values() },
        e: elsewhere,
      },
    },
  },
}, async () => ({ ok: true }));
app.post('/b', { schema: { body: Type.Object({ a: Type.String({ transform: ['trim'], minLength: 2 }) }) } }, async () => ({ ok: true }));
`);
    expect(bodySchema(found, 'post', '/a')).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: {},
        transform: { type: ['string', 'null'], default: { transform: 1 }, 'x-order': 1 },
        d: {},
        e: {},
      },
    });
    expect(bodySchema(found, 'post', '/b')['properties']).toEqual({ a: { type: 'string', minLength: 2 } });
    expect(found.told).toEqual(
      expect.arrayContaining(['SCF079 9', 'SCF076 9', 'SCF079 10', 'SCF076 12', 'SCF076 8', 'SCF079 18']),
    );
    const { errors } = await lintDocument(JSON.stringify(found.document));
    expect(errors.filter((message) => message.startsWith('struct'))).toEqual([]);
  });

  test('what @fastify/multipart reads is a form; files whose names nobody says are told of', async () => {
    const found = await described(`import Fastify from 'fastify';
import multipart from '@fastify/multipart';
const app = Fastify();
app.register(multipart);
app.post('/file', async (request) => { const file = await request.file(); return { ok: true }; });
app.post('/parts', async (request) => { for await (const part of request.parts()) keep(part); return { ok: true }; });
app.post('/saved', async (request) => { await request.saveRequestFiles(); return { ok: true }; });
app.post('/declared', { schema: {
  consumes: ['multipart/form-data'],
  body: { type: 'object', required: ['title'], properties: { title: { type: 'string' }, picture: { isFile: true } } },
} }, async () => ({ ok: true }));
app.post('/form', { schema: {
  consumes: ['application/x-www-form-urlencoded'], body: { type: 'object', properties: { a: { type: 'string' } } },
} }, async () => ({ ok: true }));
app.post('/types', { schema: { body: { content: {
  'application/json': { schema: { type: 'object', properties: { a: { type: 'string' } } } },
  'text/plain': { schema: { type: 'string' } },
} } } }, async () => ({ ok: true }));
`);
    const form = 'multipart/form-data';
    for (const path of ['/file', '/parts', '/saved'])
      expect(bodySchema(found, 'post', path, form)).toEqual({ type: 'object' });
    expect(found.told.filter((one) => one.startsWith('SCF076'))).toEqual([
      'SCF076 5',
      'SCF076 6',
      'SCF076 7',
    ]);
    expect(bodySchema(found, 'post', '/declared', form)).toEqual({
      type: 'object',
      required: ['title'],
      properties: {
        title: { type: 'string' },
        picture: { type: 'string', contentMediaType: 'application/octet-stream' },
      },
    });
    const urlencoded = bodySchema(found, 'post', '/form', 'application/x-www-form-urlencoded');
    expect(urlencoded).toEqual({ type: 'object', properties: { a: { type: 'string' } } });
    const types = at(operation(found, 'post', '/types'), 'requestBody', 'content');
    expect(Object.keys(types)).toEqual(['application/json', 'text/plain']);
  });

  test('the fields of a form that multer takes stay required beside its files', async () => {
    const found = await described(`const Joi = require('joi');
const upload = require('multer')();
const app = require('express')();
const Post = Joi.object({ title: Joi.string().required() });
app.post('/posts', upload.single('picture'), (req, res) => { Post.validate(req.body); res.end(); });
`);
    expect(bodySchema(found, 'post', '/posts', 'multipart/form-data')).toEqual({
      type: 'object',
      required: ['title'],
      properties: {
        title: { type: 'string', minLength: 1 },
        picture: { type: 'string', contentMediaType: 'application/octet-stream' },
      },
      additionalProperties: false,
    });
  });
});

describe('objects that are put together of what a request has', () => {
  const HEAD = `const Joi = require('joi');
const { z } = require('zod');
const _ = require('lodash');
const app = require('express')();
const Person = Joi.object({ name: Joi.string().min(3).required(), email: Joi.string().email() });
`;
  const text = { type: 'string', minLength: 1 };

  test('are held to their schema where their members come from', async () => {
    const found = await described(`${HEAD}
app.post('/pick', (req, res) => { const { name, email } = req.body; Person.validate({ name, email }); res.end(); });
app.post('/lodash', (req, res) => { Person.validate(_.pick(req.body, ['name', 'email'])); res.end(); });
app.post('/some', (req, res) => { Person.validate({ name: req.body.name, email: mail() }); res.end(req.body.note); });
app.post('/deep', (req, res) => { Person.validate({ name: req.body.user.title }); res.end(); });
app.post('/or', (req, res) => { Person.validate({ name: req.body.name || 'nobody' }); res.end(); });
app.put('/both/:id', (req, res) => {
  z.object({ id: z.uuid(), size: z.int().max(3), page: z.int() })
    .parse({ id: req.params.id, size: req.body.size, page: req.query.page });
  res.end();
});
`);
    const name = { type: 'string', minLength: 3 };
    const person = {
      type: 'object',
      required: ['name'],
      properties: { name, email: { ...text, format: 'email' } },
    };
    expect(bodySchema(found, 'post', '/pick')).toEqual(person);
    expect(bodySchema(found, 'post', '/lodash')).toEqual(person);
    expect(bodySchema(found, 'post', '/some')).toEqual({
      type: 'object',
      required: ['name'],
      properties: { name, note: {} },
    });
    expect(bodySchema(found, 'post', '/deep')).toEqual({
      type: 'object',
      required: ['user'],
      properties: { user: { type: 'object', required: ['title'], properties: { title: name } } },
    });
    expect(bodySchema(found, 'post', '/or')).toEqual({ type: 'object', properties: { name } });
    expect(bodySchema(found, 'put', '/both/{id}')).toMatchObject({
      required: ['size'],
      properties: { size: { type: 'integer', maximum: 3 } },
    });
    expect(operation(found, 'put', '/both/{id}')['parameters']).toMatchObject([
      { name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' } },
      { name: 'page', in: 'query', required: true, schema: { type: 'integer' } },
    ]);
  });

  test('have the members of what is spread in them', async () => {
    const found = await described(`${HEAD}
const create = (input) => { const { email, username } = input; return { email, username, image: input.image }; };
app.post('/a', (req, res) => { create({ ...req.body.user, demo: false }); res.json({ ok: true }); });
app.post('/b', (req, res) => { const { demo, ...rest } = { ...req.body, demo: 1 }; create(rest); res.json({ ok: true }); });
app.post('/c', (req, res) => { Person.validate({ ...req.body }); res.end(); });
app.put('/d/:name', (req, res) => { Person.validate({ ...req.body, name: req.params.name }); res.end(); });
`);
    const user = { type: 'object', properties: { email: {}, username: {}, image: {} } };
    expect(bodySchema(found, 'post', '/a')).toEqual({ type: 'object', properties: { user } });
    expect(bodySchema(found, 'post', '/b')).toEqual(user);
    expect(bodySchema(found, 'post', '/c')).toMatchObject({
      required: ['name'],
      additionalProperties: false,
    });
    expect(bodySchema(found, 'put', '/d/{name}')).toEqual({
      type: 'object',
      properties: { email: { ...text, format: 'email' } },
    });
    expect(operation(found, 'put', '/d/{name}')['parameters']).toMatchObject([
      { name: 'name', in: 'path', schema: { type: 'string', minLength: 3 } },
    ]);
  });
});

describe('YAML', () => {
  const WORDS = ['NO', 'yes', 'off', 'y', '12:30', '2020-01-01', '0777', '1_000', '=', '<<', '~', 'plain'];
  const ROUTE = (words: readonly string[]): string => `const Joi = require('joi');
const app = require('express')();
app.post('/a', (req, res) => {
  Joi.object({ on: Joi.valid(${words.map((word) => JSON.stringify(word)).join(', ')}) }).validate(req.body);
  res.end();
});
`;
  const write = async (folder: string): Promise<string> => {
    const output = join(folder, 'openapi.yaml');
    await generateSpec({ path: folder, shown: 'src', output, shownOutput: 'openapi.yaml' });
    return readFile(output, 'utf8');
  };
  const words = (text: string): unknown =>
    at(
      parse(text, { version: '1.1' }),
      'paths',
      '/a',
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    )['properties'];

  test('says the same to readers of YAML 1.1, written anew and brought up to date', async () => {
    const folder = folderWith({ 'app.js': ROUTE(['SE']) });
    await write(folder);
    await writeFile(join(folder, 'app.js'), ROUTE(WORDS));
    const updated = await write(folder);
    expect(words(updated)).toEqual({ on: { type: 'string', enum: WORDS } });
    const fresh = await write(folderWith({ 'app.js': ROUTE(WORDS) }));
    expect(words(fresh)).toEqual({ on: { type: 'string', enum: WORDS } });
    expect(fresh).toContain('- plain\n');
    expect(await write(folder)).toBe(updated);
  });

  test('that people wrote keeps its style', async () => {
    const folder = folderWith({
      'app.js': ROUTE(['SE']),
      'openapi.yaml': 'openapi: 3.1.1\ninfo: { title: off, version: 1.0.0 } # ours\npaths: {}\n',
    });
    expect(await write(folder)).toContain('info: { title: off, version: 1.0.0 } # ours');
  });
});

test('a schema of one member of a request is that of the member', async () => {
  const found = await described(`import Koa from 'koa';
import Router from '@koa/router';
import { z } from 'zod';
const State = z.enum(['open', 'closed']);
const router = new Router();
router.get('/lists/:state', (ctx) => {
  const state = State.parse(ctx.params.state);
  const page = z.coerce.number().int().optional().parse(ctx.query.page);
  ctx.body = { state, page, sort: JSON.parse(ctx.query.sort) };
});
const app = new Koa();
app.use(router.routes());
app.listen(3000);
`);
  expect(operation(found, 'get', '/lists/{state}')['parameters']).toMatchObject([
    { name: 'state', in: 'path', required: true, schema: { $ref: '#/components/schemas/State' } },
    { name: 'page', in: 'query', schema: { type: 'integer' } },
    { name: 'sort', in: 'query', schema: { type: 'string' } },
  ]);
  const plain = await described(`const app = require('express')();
app.post('/a', (req, res) => { service.validate({ name: req.body.name }); res.end(); });
`);
  expect(bodySchema(plain, 'post', '/a')).toEqual({ type: 'object', properties: { name: {} } });
  expect(plain.told).not.toContain('SCF076 2');
});

test('what is read besides a schema that lets it through is in the body; a closed one has no others', async () => {
  const found = await described(`const { z } = require('zod');
const app = require('express')();
app.use(require('express').json());
const limits = (req, res, next) => { req.limit = req.query.limit || req.body.limit; next(); };
const validate = (schema) => (req, res, next) => { schema.parse(req.body); next(); };
const Named = z.object({ name: z.string() });
app.post('/named', limits, validate(Named), (req, res) => res.end());
app.post('/plain', limits, validate(z.object({ name: z.string() })), (req, res) => res.end());
app.post('/strict', limits, validate(z.strictObject({ name: z.string() })), (req, res) => res.end());
`);
  const read = { type: 'object', properties: { limit: {} } };
  expect(bodySchema(found, 'post', '/named')).toEqual({
    allOf: [{ $ref: '#/components/schemas/Named' }, read],
  });
  expect(bodySchema(found, 'post', '/plain')['properties']).toEqual({ name: { type: 'string' }, limit: {} });
  expect(bodySchema(found, 'post', '/strict')['properties']).toEqual({ name: { type: 'string' } });
});

test("an answer that Fastify's schema declares is not told to be unknown", async () => {
  const found = await described(`const app = require('fastify')();
const ok = { type: 'object', properties: { a: { type: 'string' } } };
app.get('/a', { schema: { response: { 200: ok } } }, async () => db.find());
app.get('/b', { schema: { response: { '2xx': ok } } }, async (request, reply) => reply.send(db.find()));
app.get('/c', { schema: { response: { 404: ok } } }, async () => db.find());
`);
  expect(found.told.filter((one) => one.startsWith('SCF076'))).toEqual(['SCF076 5']);
  const content = at(
    operation(found, 'get', '/a'),
    'responses',
    '200',
    'content',
    'application/json',
    'schema',
  );
  expect(content).toEqual({ type: 'object', properties: { a: { type: 'string' } } });
});
