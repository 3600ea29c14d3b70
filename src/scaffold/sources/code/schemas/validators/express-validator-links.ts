import type { JsonObject } from '../../../../model/json.ts';
import type { Value } from '../../value.ts';
import type { SchemaContext } from '../context.ts';
import {
  checkedInCode,
  type Draft,
  enumeration,
  jsonArgument,
  type Link,
  numberOf,
  patternOf,
} from './chain.ts';

type Validator = (draft: Draft, link: Link, context: SchemaContext) => void;

/** A validator that turns away what is missing, unless the field is optional. */
const needs =
  (keywords: JsonObject): Validator =>
  (draft) => {
    draft.required ??= true;
    draft.schema = { ...draft.schema, ...keywords };
  };

const text = needs({ type: 'string' });

/** A text with what the validator means without arguments, such as a locale. */
const unlessTold =
  (keywords: JsonObject): Validator =>
  (draft, link, context) =>
    needs({ type: 'string', ...(link.args.length === 0 ? keywords : {}) })(draft, link, context);

const option = (options: Value | undefined, name: string): number | undefined =>
  options?.kind === 'object' ? numberOf(options.properties.get(name)) : undefined;

function limits(options: Value | undefined, words: Readonly<Record<string, string>>): JsonObject {
  const found = Object.entries(words).flatMap(([name, word]): [string, number][] => {
    const value = option(options, name);
    return value === undefined ? [] : [[word, value]];
  });
  return Object.fromEntries(found);
}

const NUMBERS = { min: 'minimum', max: 'maximum', gt: 'exclusiveMinimum', lt: 'exclusiveMaximum' } as const;

const number =
  (type: 'integer' | 'number'): Validator =>
  (draft, link, context) =>
    needs({ type, ...limits(link.args[0], NUMBERS) })(draft, link, context);

const isLength: Validator = (draft, { args: [options] }) => {
  const keywords = limits(options, { min: 'minLength', max: 'maxLength' });
  const { minLength } = keywords;
  if (typeof minLength === 'number' && minLength > 0) draft.required ??= true;
  draft.schema = { type: 'string', ...draft.schema, ...keywords };
};

const isIn: Validator = (draft, link, context) => {
  const values = jsonArgument(link.args[0]);
  if (!Array.isArray(values) || values.length === 0) {
    checkedInCode(context, "express-validator's isIn", link);
    return;
  }
  if (!values.includes('')) draft.required ??= true;
  draft.schema = { ...draft.schema, ...enumeration(values) };
};

const matches: Validator = (draft, link, context) => {
  const pattern = patternOf(link.args[0]);
  if (pattern === undefined || link.args.length > 1)
    checkedInCode(context, "express-validator's matches", link);
  else draft.schema = { type: 'string', ...draft.schema, pattern };
};

const optional: Validator = (draft, { args: [options] }) => {
  draft.required = false;
  if (options?.kind !== 'object') return;
  const given = ['nullable', 'checkFalsy'].map((name) => options.properties.get(name));
  const values = jsonArgument(options.properties.get('values'));
  const isFlag = given.some((value) => value?.kind === 'constant' && value.value === true);
  if (isFlag || values === 'null' || values === 'falsy') draft.nullable = true;
};

/** It takes numbers, lists and objects as well. */
const notEmpty: Validator = (draft) => {
  draft.required ??= true;
  draft.filled = true;
};

const inCode: Validator = (_draft, link, context) =>
  checkedInCode(context, `express-validator's ${link.name}`, link);

/** Validators by name, from express-validator's and validator's documentation. Sanitizers say nothing. */
export const VALIDATORS: Readonly<Record<string, Validator>> = {
  optional,
  exists: (draft) => {
    draft.required ??= true;
  },
  notEmpty,
  isString: text,
  isInt: number('integer'),
  isFloat: number('number'),
  isDecimal: number('number'),
  isNumeric: number('number'),
  isBoolean: needs({ type: 'boolean' }),
  isObject: needs({ type: 'object' }),
  isArray: (draft, link, context) =>
    needs({ type: 'array', ...limits(link.args[0], { min: 'minItems', max: 'maxItems' }) })(
      draft,
      link,
      context,
    ),
  isLength,
  isIn,
  matches,
  equals: (draft, link, context) => {
    const value = jsonArgument(link.args[0]);
    if (value === undefined) checkedInCode(context, "express-validator's equals", link);
    else needs(enumeration([value]))(draft, link, context);
  },
  isEmail: needs({ type: 'string', format: 'email' }),
  isURL: needs({ type: 'string', format: 'uri' }),
  isUUID: needs({ type: 'string', format: 'uuid' }),
  isISO8601: needs({ type: 'string', format: 'date-time' }),
  isRFC3339: needs({ type: 'string', format: 'date-time' }),
  isDate: needs({ type: 'string', format: 'date' }),
  isMongoId: needs({ type: 'string', pattern: '^[0-9a-fA-F]{24}$' }),
  isAlpha: unlessTold({ pattern: '^[A-Za-z]+$' }),
  isAlphanumeric: unlessTold({ pattern: '^[0-9A-Za-z]+$' }),
  isHexadecimal: needs({ type: 'string', pattern: '^(?:0[xXhH])?[0-9a-fA-F]+$' }),
  isStrongPassword: unlessTold({ minLength: 8 }),
  isMobilePhone: text,
  isCreditCard: text,
  isIP: text,
  isFQDN: text,
  isJWT: text,
  isJSON: text,
  isBase64: text,
  isSlug: text,
  isPostalCode: text,
  isHexColor: text,
  isCurrency: text,
  isTime: text,
  isPort: text,
  isLocale: text,
  isDataURI: text,
  isMACAddress: text,
  contains: text,
  custom: inCode,
  if: inCode,
};
