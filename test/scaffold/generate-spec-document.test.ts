import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type LineResult, runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';
import { folderWith } from '../support/scratch-folder.ts';

const APP = `
const express = require('express');
const app = express();
app.use(express.json());
app.get('/users/:id', (req, res) => {
  if (req.params.id === '0') return res.status(404).json({ error: 'nobody' });
  res.json({ id: req.params.id, name: 'Ada' });
});
app.post('/users', (req, res) => res.status(201).json({ name: req.body.name }));
app.listen(3000);
`;

/** A document that somebody has worked on. */
const WORKED_ON = `# Ours: do not lose this.
openapi: 3.1.0
info:
  title: People
  version: 7.0.0
  contact: { name: Us }
x-team: platform
servers:
  - url: https://api.example.org # production
tags:
  - name: people
paths:
  /users/{id}:
    get:
      operationId: readPerson
      summary: Read a person
      description: Says who it is.
      tags: [people]
      x-rate: 5
      parameters:
        - name: id
          in: path
          required: true
          description: The person's number.
          schema: { type: string, pattern: '^[0-9]+$', examples: ['7'] }
        - name: verbose
          in: query
          schema: { type: boolean }
      responses:
        '200':
          description: The person
          content:
            application/json:
              schema:
                type: object
                properties:
                  # The family name comes last.
                  name: { type: string, description: Full name, example: Ada }
                  age: { type: integer }
              example: { id: '7', name: Ada }
        '418':
          description: A teapot
  /legacy:
    get:
      operationId: legacy
      summary: By hand
      responses:
        '200': { description: OK }
components:
  schemas:
    Mine: { type: string }
`;

const generate = (cwd: string, ...words: readonly string[]): Promise<LineResult> =>
  runLine(['scaffold', 'src', '--generate-spec', ...words], { cwd });

const documentIn = async (folder: string, name = 'openapi.yaml') =>
  parse(await readFile(join(folder, name), 'utf8'));

describe('a document that is there', () => {
  test('keeps what people wrote, and takes its structure from the sources', async () => {
    const folder = folderWith({ 'src/app.js': APP, 'openapi.yaml': WORKED_ON });
    const { exit, stderr } = await generate(folder);
    const text = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    const document = parse(text);
    const { get } = document.paths['/users/{id}'];
    expect(exit).toBe(0);
    expect(text).toContain('# Ours: do not lose this.');
    expect(text).toContain('# production');
    expect(text).toContain('# The family name comes last.');
    expect(document).toMatchObject({
      info: { title: 'People', version: '7.0.0', contact: { name: 'Us' } },
      'x-team': 'platform',
      components: { schemas: { Mine: { type: 'string' } } },
    });
    expect(get).toMatchObject({
      operationId: 'readPerson',
      summary: 'Read a person',
      description: 'Says who it is.',
      tags: ['people'],
      'x-rate': 5,
    });
    expect(get.parameters).toEqual([
      {
        name: 'id',
        in: 'path',
        required: true,
        description: "The person's number.",
        schema: { type: 'string', pattern: '^[0-9]+$', examples: ['7'] },
      },
      { name: 'verbose', in: 'query', schema: { type: 'boolean' } },
    ]);
    expect(get.responses['200'].content['application/json']).toEqual({
      schema: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', description: 'Full name', example: 'Ada' }, id: {} },
      },
      example: { id: '7', name: 'Ada' },
    });
    expect(Object.keys(get.responses)).toEqual(['200', '404', '418']);
    expect(document.paths['/legacy'].get.summary).toBe('By hand');
    expect(Object.keys(document.paths)).toContain('/users');
    expect(stderr).toContain('/legacy is in the document but not in the sources');
    expect(stderr).toContain('properties/age is not what the sources say');
  });

  test('keeps its comments where it has anchors, which are written out', async () => {
    const anchored = `# Ours: do not lose this.
openapi: 3.1.0
info: { title: People, version: 7.0.0 }
x-limits: &limits
  rate: 5 # a minute
paths:
  /legacy:
    get:
      x-limits: *limits
      responses: &answers
        '200': { description: OK }
  /older:
    get:
      x-more:
        <<: *limits
        burst: 9
      responses: *answers
`;
    const folder = folderWith({ 'src/app.js': APP, 'openapi.yaml': anchored });
    const { stderr } = await generate(folder);
    const text = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    expect(text).toContain('# Ours: do not lose this.');
    expect(text).toContain('# a minute');
    expect(text).not.toMatch(/[&*](?:limits|answers)|<<:/);
    expect(parse(text).paths).toMatchObject({
      '/legacy': { get: { 'x-limits': { rate: 5 }, responses: { 200: { description: 'OK' } } } },
      '/older': { get: { 'x-more': { rate: 5, burst: 9 }, responses: { 200: { description: 'OK' } } } },
      '/users': { post: {} },
    });
    expect(stderr).toContain('anchors and aliases of the document were written out');
    await generate(folder);
    expect(await readFile(join(folder, 'openapi.yaml'), 'utf8')).toBe(text);
  });

  test('is not touched by a second run', async () => {
    const folder = folderWith({ 'src/app.js': APP, 'openapi.yaml': WORKED_ON });
    await generate(folder);
    const before = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    const { stdout } = await generate(folder);
    expect(await readFile(join(folder, 'openapi.yaml'), 'utf8')).toBe(before);
    expect(stdout).toContain('openapi.yaml: unchanged');
  });

  test('follows the sources when they change, and keeps the words that were added in between', async () => {
    const folder = folderWith({ 'src/app.js': APP });
    await generate(folder);
    const first = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    await writeFile(
      join(folder, 'openapi.yaml'),
      first.replace('summary: POST /users', 'summary: Add a user'),
    );
    await writeFile(
      join(folder, 'src/app.js'),
      APP.replace("name: 'Ada'", "name: 'Ada', admin: true")
        .replace('/users/:id', '/users/:userId')
        .replaceAll('params.id', 'params.userId'),
    );
    expect((await generate(folder, '--check')).exit).toBe(3);
    const { exit } = await generate(folder);
    const { paths } = await documentIn(folder);
    expect(exit).toBe(0);
    expect(paths['/users'].post.summary).toBe('Add a user');
    expect(Object.keys(paths).sort()).toEqual(['/users', '/users/{userId}']);
    expect(
      paths['/users/{userId}'].get.responses['200'].content['application/json'].schema.properties.admin,
    ).toEqual({ type: 'boolean' });
    expect((await generate(folder, '--check')).exit).toBe(0);
  });

  test('of OpenAPI 3.0 stays one', async () => {
    const folder = folderWith({
      'src/app.js':
        "const app = require('express')();\napp.get('/a', (req, res) => res.json({ a: null, b: req.get('x') ? 'x' : null }));\n",
      'openapi.yaml': 'openapi: 3.0.3\ninfo: { title: T, version: 1.0.0 }\npaths: {}\n',
    });
    await generate(folder);
    const { openapi, paths } = await documentIn(folder);
    expect(openapi).toBe('3.0.3');
    expect(paths['/a'].get.responses['200'].content['application/json'].schema.properties.b).toEqual({
      type: 'string',
      nullable: true,
    });
  });

  test.each([
    ['package.json', '{ "name": "mine" }'],
    ['swagger.yaml', "swagger: '2.0'\ninfo: { title: T, version: '1' }\npaths: {}\n"],
    ['notes.md', '# Notes\n'],
  ])('that is none of OpenAPI 3 is not overwritten: %s', async (name, text) => {
    const folder = folderWith({ 'src/app.js': APP, [name]: text });
    const { exit, stderr } = await generate(folder, '-o', name);
    expect([exit, await readFile(join(folder, name), 'utf8')]).toEqual([3, text]);
    expect(stderr).toContain('SCF085');
  });
});

describe('the command line', () => {
  test('writes YAML or JSON by extension, with title and version of the package', async () => {
    const folder = folderWith({
      'src/app.js': APP,
      'package.json': '{ "name": "people", "version": "4.5.6" }',
    });
    const { exit, stdout } = await generate(folder, '-o', 'spec.json');
    const document = JSON.parse(await readFile(join(folder, 'spec.json'), 'utf8'));
    expect([exit, document.info]).toEqual([0, { title: 'people', version: '4.5.6' }]);
    expect(stdout).toMatch(/GET +\/users\/\{id\} +\(getUsersById\)/);
  });

  test('says as JSON what it found, by its schema', async () => {
    const folder = folderWith({ 'src/app.js': APP });
    const { stdout } = await generate(folder, '--json', '--dry-run');
    const document: unknown = JSON.parse(stdout);
    const isValid = schemaValidator('generate-spec');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    expect(document).toMatchObject({ action: 'create', mode: 'dry-run', operations_count: 2 });
    await expect(readFile(join(folder, 'openapi.yaml'))).rejects.toThrow('ENOENT');
  });

  test('names what it cannot do', async () => {
    const folder = folderWith({ 'src/app.js': APP, 'empty/a.js': 'exports.x = 1;', 'file.js': '' });
    const lines = [
      ['scaffold', '--generate-spec'],
      ['scaffold', 'nowhere', '--generate-spec'],
      ['scaffold', 'file.js', '--generate-spec'],
      ['scaffold', 'empty', '--generate-spec'],
      ['scaffold', 'src', '--generate-spec', '-o', 'no/where.yaml'],
      ['scaffold', 'src', '--generate-spec', '--project'],
      ['scaffold', 'src', '--generate-spec', '--check'],
    ];
    const found: unknown[] = [];
    for (const line of lines) {
      const { exit, stderr } = await runLine(line, { cwd: folder });
      found.push([exit, /\[(\w+)\]/.exec(stderr)?.[1]]);
    }
    expect(found).toEqual([
      [2, 'SCF061'],
      [1, 'SCF070'],
      [1, 'SCF070'],
      [1, 'SCF083'],
      [3, 'SCF085'],
      [2, 'CLI004'],
      [3, undefined],
    ]);
  });

  test('reads nothing outside the folder', async () => {
    const folder = folderWith({
      'src/app.js': `const app = require('express')();
app.use('/up', require('../outside'));
app.use('/link', require('./link'));
app.get('/in', (req, res) => res.json({ secret: require('../secret.json') }));
`,
      'outside.js': "const r = require('express').Router(); r.get('/x', () => {}); module.exports = r;",
      'secret.json': '{ "password": "1234" }',
    });
    await symlink(join(folder, 'outside.js'), join(folder, 'src/link.js'));
    const { stderr } = await generate(folder, '-v');
    const text = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    expect(Object.keys(parse(text).paths)).toEqual(['/in']);
    expect(text).not.toContain('password');
    expect(stderr).toContain('"../outside" is not a file of src');
    expect(stderr).toContain('src/link.js is a link and is not followed');
    expect(stderr).toMatch(/SCF075[\s\S]*src\/app\.js:2:1/);
  });
});
