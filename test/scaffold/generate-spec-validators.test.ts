import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { body, checkExact, type ValidationChain, validationResult } from 'express-validator';
import Joi from 'joi';
import { describe, expect, test } from 'vitest';
import * as yup from 'yup';
import { generateSpec } from '../../src/scaffold/index.ts';
import { type JsonObject, type JsonValue, objectAt } from '../../src/scaffold/model/json.ts';
import { folderWith } from '../support/scratch-folder.ts';

const EMPTY: JsonValue = {};

const VALUES: readonly JsonValue[] = [
  EMPTY,
  ...['', 'a', 'abc', 'red', 'ada@example.org', 'https://example.org/x', 'x'.repeat(30)].map((a) => ({ a })),
  ...[null, 0, 1, 2.5, -3, 18, 200, true, [], ['a'], ['a', 'a'], ['a', 'b', 'c', 'd'], [1]].map((a) => ({
    a,
  })),
  ...['6b1a0a62-8f1e-4f4e-9a1c-3f2b6a1d0c11', '507f1f77bcf86cd799439011'].map((a) => ({ a })),
  { a: {} },
  { a: { b: 'x' } },
  { a: { b: '' } },
  { a: { b: 'x', c: 1 } },
  { a: 'abc', b: 'abc' },
  { b: 'abc' },
  { a: 'abc', z: 1 },
];

/** The schemas of request bodies that routes are read to have, in order. */
async function schemasOf(head: string, routes: readonly string[]): Promise<JsonObject[]> {
  const folder = folderWith({
    'app.js': `${head}\nconst app = require('express')();\n${routes.join('\n')}\n`,
  });
  const output = join(folder, 'openapi.json');
  await generateSpec({ path: folder, shown: 'src', output, shownOutput: 'openapi.json' });
  const document = JSON.parse(await readFile(output, 'utf8')) as JsonObject;
  return routes.map((_route, at) =>
    ['paths', `/${at}`, 'post', 'requestBody', 'content', 'application/json', 'schema'].reduce(
      objectAt,
      document,
    ),
  );
}

const AJV = addFormats.default(new Ajv2020({ strict: false }));

const accepted = (judge: (value: JsonValue) => boolean): string[] =>
  VALUES.filter(judge).map((value) => JSON.stringify(value));

/** What an expression of a test is: these are ours. */
const made = <T>(expression: string, names: Readonly<Record<string, unknown>>): T =>
  new Function(...Object.keys(names), `return ${expression}`)(...Object.values(names)) as T;

const JOI: readonly string[] = [
  'Joi.object({ a: Joi.string() })',
  'Joi.object({ a: Joi.string().required().min(2).max(5) })',
  "Joi.object({ a: Joi.string().allow('').optional() })",
  "Joi.object({ a: Joi.string().min(2).allow('', null) })",
  "Joi.object({ a: Joi.string().valid('red', 'abc').required() })",
  "Joi.object({ a: Joi.string().valid('red').allow(null) })",
  "Joi.object({ a: Joi.any().invalid('abc', 1) })",
  'Joi.object({ a: Joi.string().alphanum() })',
  'Joi.object({ a: Joi.string().pattern(/^a/) })',
  'Joi.object({ a: Joi.string().email({ tlds: false }) })',
  'Joi.object({ a: Joi.string().guid() })',
  'Joi.object({ a: Joi.number().integer().min(1).max(100) })',
  'Joi.object({ a: Joi.number().positive() })',
  'Joi.object({ a: Joi.number().greater(1).multiple(2) })',
  'Joi.object({ a: Joi.boolean().required() })',
  'Joi.object({ a: Joi.array().items(Joi.string().max(1)).max(2) })',
  'Joi.object({ a: Joi.array().items(Joi.string(), Joi.number()).unique().min(1) })',
  'Joi.object({ a: Joi.object({ b: Joi.string().required() }) })',
  'Joi.object({ a: Joi.object({ b: Joi.string() }).unknown() }).unknown()',
  "Joi.object().keys({ a: Joi.string() }).append({ b: Joi.string() }).or('a', 'b')",
  "Joi.object({ a: Joi.string(), b: Joi.string() }).and('a', 'b')",
  "Joi.object({ a: Joi.string(), b: Joi.string() }).xor('a', 'b')",
  "Joi.object({ a: Joi.string(), b: Joi.string() }).with('a', 'b')",
  'Joi.object({ a: Joi.alternatives(Joi.string().max(1), Joi.number()).required() })',
  'Joi.object({ a: Joi.forbidden(), b: Joi.required() })',
  "Joi.object({ a: ['abc', Joi.number()] })",
  'Joi.object({ a: Joi.object().pattern(/^b$/, Joi.string()) })',
  'Joi.object({ a: Joi.string() }).min(1)',
  "Joi.object({ a: Joi.string().required().default('abc') })",
  "Joi.object({ a: Joi.string().insensitive().valid('ABC', 'a.b') })",
  "Joi.object({ a: Joi.string().valid('RED', null).insensitive().allow('') })",
  'Joi.object({ a: Joi.array().ordered(Joi.string().required(), Joi.string()) })',
  'Joi.object({ a: Joi.array().ordered(Joi.number()).items(Joi.string()) })',
  "Joi.object({ a: Joi.string() }).options({ presence: 'required', allowUnknown: true })",
];

/** A schema, and what the call that uses it says besides. */
const JOI_CALLS: readonly (readonly [schema: string, options: string])[] = [
  ['Joi.object({ a: Joi.string() })', '{ abortEarly: false }'],
  ['Joi.object({ a: Joi.string() })', '{ allowUnknown: true }'],
  ['Joi.object({ a: Joi.string() })', '{ stripUnknown: true }'],
  ['Joi.object({ a: Joi.string() })', '{ stripUnknown: { objects: true } }'],
  ['Joi.object({ a: Joi.string() })', "{ presence: 'required' }"],
  ['Joi.object({ a: Joi.object({ b: Joi.string() }) })', "{ allowUnknown: true, presence: 'required' }"],
  ['Joi.object({ a: Joi.string() }).prefs({ allowUnknown: false })', '{ allowUnknown: true }'],
  ['Joi.object({ a: Joi.string().optional() })', "{ presence: 'required' }"],
];

const YUP: readonly string[] = [
  'yup.object({ a: yup.string() })',
  'yup.object({ a: yup.string().required() })',
  'yup.object({ a: yup.string().defined().nullable() })',
  'yup.object({ a: yup.string().min(2).max(5) })',
  'yup.object({ a: yup.string().matches(/^a/) })',
  "yup.object({ a: yup.string().oneOf(['red', 'abc']) })",
  "yup.object({ a: yup.mixed().oneOf(['red', 1]).required() })",
  'yup.object({ a: yup.string().uuid() })',
  'yup.object({ a: yup.number().integer().min(1).max(100) })',
  'yup.object({ a: yup.number().moreThan(1).required() })',
  'yup.object({ a: yup.boolean().nullable() })',
  'yup.object({ a: yup.array().of(yup.string()).max(2) })',
  'yup.object().shape({ a: yup.object({ b: yup.string() }) })',
  'yup.object({ a: yup.string() }).noUnknown()',
  "yup.object({ a: yup.string().required(), b: yup.string().required() }).omit(['a'])",
  'yup.object({ a: yup.string().required() }).partial()',
];

const CHAINS: readonly string[] = [
  "[body('a').isString()]",
  "[body('a').optional().isString().isLength({ min: 2, max: 5 })]",
  "[body('a').exists()]",
  "[body('a').optional({ nullable: true }).isString()]",
  "[body('a').isIn(['red', 'abc'])]",
  "[body('a').optional().isArray({ max: 2 })]",
  "[body('a').isMongoId()]",
  "[body('a.b').isString().notEmpty()]",
  "[body('a').isBoolean({ strict: true })]",
  "[body('a').notEmpty().isString()]",
  "[body('a').isLength({ min: 3 }).not().isEmpty()]",
  "[body('a').notEmpty().isNumeric()]",
  "[body('a').notEmpty().isArray()]",
  "checkExact([body('a').isString()])",
  "checkExact([body('a').isObject(), body('a.b').isString()])",
];

/** Chains that hold values of several types to one rule. */
const ANY_TYPE: readonly (readonly [chain: string, refused: readonly JsonValue[]])[] = [
  ["[body('a').notEmpty()]", ['']],
  ["[body('a').not().isEmpty()]", ['']],
];

/** What express-validator itself says of a body. */
async function isTaken(expression: string, value: JsonValue): Promise<boolean> {
  const request = { body: structuredClone(value) };
  const chains = made<ValidationChain | ValidationChain[]>(expression, { body, checkExact });
  for (const chain of [chains].flat()) await chain.run(request);
  return validationResult(request).isEmpty();
}

describe('schemas of packages accept what the package accepts', () => {
  test('Joi', async () => {
    const routes = JOI.map(
      (one, at) => `app.post('/${at}', (q, s) => { ${one}.validate(q.body); s.end(); });`,
    );
    const schemas = await schemasOf("const Joi = require('joi');", routes);
    for (const [at, expression] of JOI.entries()) {
      const own = made<Joi.Schema>(expression, { Joi }).prefs({ convert: false });
      expect(
        accepted((value) => AJV.validate(schemas[at] ?? false, value)),
        expression,
      ).toEqual(accepted((value) => own.validate(value).error === undefined));
    }
  });

  test.each([
    ['validate', (schema: string, options: string) => `(${schema}).validate(q.body, ${options})`],
    ['validateAsync', (schema: string, options: string) => `(${schema}).validateAsync(q.body, ${options})`],
    ['attempt', (schema: string, options: string) => `Joi.attempt(q.body, ${schema}, 'no', ${options})`],
  ])('Joi, with the options given to %s', async (_name, call) => {
    const routes = JOI_CALLS.map(
      ([one, options], at) => `app.post('/${at}', (q, s) => { ${call(one, options)}; s.end(); });`,
    );
    const schemas = await schemasOf("const Joi = require('joi');", routes);
    for (const [at, [expression, options]] of JOI_CALLS.entries()) {
      const [own, given] = made<[Joi.Schema, Joi.ValidationOptions]>(`[${expression}, ${options}]`, { Joi });
      expect(
        accepted((value) => AJV.validate(schemas[at] ?? false, value)),
        `${expression} ${options}`,
      ).toEqual(accepted((value) => own.validate(value, { ...given, convert: false }).error === undefined));
    }
  });

  test('Yup', async () => {
    const routes = YUP.map(
      (one, at) => `app.post('/${at}', (q, s) => { ${one}.validateSync(q.body); s.end(); });`,
    );
    const schemas = await schemasOf("const yup = require('yup');", routes);
    for (const [at, expression] of YUP.entries()) {
      const own = made<yup.Schema>(expression, { yup });
      expect(
        accepted((value) => AJV.validate(schemas[at] ?? false, value)),
        expression,
      ).toEqual(accepted((value) => own.isValidSync(value, { strict: true })));
    }
  });

  test('express-validator', async () => {
    const routes = CHAINS.map((one, at) => `app.post('/${at}', ${one}, (q, s) => s.end());`);
    const schemas = await schemasOf("const { body, checkExact } = require('express-validator');", routes);
    for (const [at, expression] of CHAINS.entries()) {
      const judged = await Promise.all(VALUES.map((value) => isTaken(expression, value)));
      const is = (value: JsonValue): boolean => judged[VALUES.indexOf(value)] === true;
      const documented = VALUES.filter((value) => AJV.validate(schemas[at] ?? false, value));
      // It takes texts for numbers, and lists item by item, besides: what the document says is taken, and asked for.
      expect(
        documented.filter((value) => !is(value)),
        expression,
      ).toEqual([]);
      expect(documented.length, expression).toBeGreaterThan(0);
      expect(documented.includes(EMPTY), expression).toBe(is(EMPTY));
    }
  });

  test('express-validator, where a value may be of any type', async () => {
    const routes = ANY_TYPE.map(([one], at) => `app.post('/${at}', ${one}, (q, s) => s.end());`);
    const schemas = await schemasOf("const { body } = require('express-validator');", routes);
    for (const [at, [expression, refused]] of ANY_TYPE.entries()) {
      for (const a of [...refused, 'x', 5, true, [1], { b: 1 }]) {
        const documented = AJV.validate(schemas[at] ?? false, { a });
        expect(documented, `${expression} ${JSON.stringify(a)}`).toBe(await isTaken(expression, { a }));
      }
    }
  });
});
