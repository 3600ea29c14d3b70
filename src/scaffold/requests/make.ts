// One request of an operation.
import type { MediaType, Parameter } from '../model/api.ts';
import type { JsonValue } from '../model/json.ts';
import type { Schema } from '../model/schema.ts';
import { type EncodedBody, encodeBody, preferredMedia } from './bodies.ts';
import type { ContractOperation, RequestContract } from './contract.ts';
import { mergedSchema } from './merge.ts';
import { letters, type Random, seeded } from './random.ts';
import { type Given, inCookie, inHeader, inPath, inQuery } from './styles.ts';
import { madeValue } from './values.ts';

/** A request as bytes and texts; nothing says yet where it goes. */
export interface MadeRequest {
  readonly method: string;
  /** Path and query, encoded, below the service's base. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** What a request is to be made of. */
export interface Wish {
  /** Values for the path, by parameter; what is not here is made. */
  readonly path: ReadonlyMap<string, JsonValue>;
  /** Which one of several: 0 is the document's own example, where it has a valid one. */
  readonly variant: number;
  /** Different requests for different seeds. */
  readonly seed: number;
  /** A value for a property that refers to something that exists. */
  readonly known?: (property: string) => JsonValue | undefined;
}

/** Why no request can be made. */
export class Unmakeable extends Error {}

/** Of so many values that are made up, one has to be valid. */
const ATTEMPTS = 30;
/** Values of a request that need not be there. */
const MOST_EXTRA = 60;

/**
 * Makes a request that keeps the contract: its required parameters and its body, from valid examples or made up.
 * Throws Unmakeable when there is no valid value for a part of it.
 */
export function makeRequest(contract: RequestContract, asked: ContractOperation, wish: Wish): MadeRequest {
  const { operation, method } = asked;
  const random = seeded(wish.seed);
  const given = operation.parameters
    .filter(({ required }) => required)
    .map((parameter): Given => {
      const wanted = parameter.in === 'path' ? wish.path.get(parameter.name) : undefined;
      return { parameter, value: wanted ?? parameterValue(contract, parameter, wish, random) };
    });
  const of = (where: Parameter['in']): Given[] => given.filter(({ parameter }) => parameter.in === where);
  const cookies = of('cookie').map(inCookie);
  const body = bodyOf(contract, asked, wish, random);
  return {
    method,
    path: pathOf(asked.path, of('path'), of('query').flatMap(inQuery)),
    headers: [
      ...of('header').map((one) => [one.parameter.name, oneLine(inHeader(one))] as const),
      ...(cookies.length === 0 ? [] : [['Cookie', cookies.join('; ')] as const]),
      ...(body === undefined ? [] : [['Content-Type', body.contentType] as const]),
    ],
    ...(body === undefined ? {} : { body: body.bytes }),
  };
}

function pathOf(template: string, given: readonly Given[], query: readonly string[]): string {
  // Documents tell operations of one path apart by a query or a fragment behind it.
  const [path = '', fixed = ''] = template.replace(/#.*$/, '').split('?');
  const filled = path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = given.find(({ parameter }) => parameter.name === name);
    return value === undefined ? '' : inPath(value);
  });
  const visible = filled.replaceAll(/[^!-~]/gu, (character) => encodeURIComponent(character));
  const all = [...(fixed === '' ? [] : [fixed]), ...query];
  return all.length === 0 ? visible : `${visible}?${all.join('&')}`;
}

const oneLine = (value: string): string => value.replaceAll(/\p{Cc}+/gu, ' ');

function parameterValue(
  contract: RequestContract,
  parameter: Parameter,
  wish: Wish,
  random: Random,
): JsonValue {
  const { name, schema, examples = [] } = parameter;
  const place = `${parameter.in} parameter ${name}`;
  const isUsable = (value: JsonValue): boolean => value !== '' && value !== null;
  // With all that it may have: in a path, an empty text would be another path.
  const whole = { ...wish, variant: 2 * wish.variant };
  return validValue(contract, schema, examples.filter(isUsable), place, whole, random);
}

function bodyOf(
  contract: RequestContract,
  { operation: { body } }: ContractOperation,
  wish: Wish,
  random: Random,
): EncodedBody | undefined {
  if (body === undefined) return undefined;
  const media = preferredMedia(body.content);
  if (media === undefined) return undefined;
  const value = validValue(contract, media.schema, media.examples ?? [], 'the body', wish, random);
  const parts = { boundary: `part-${letters(random, 20)}`, files: filesOf(contract, media, random) };
  const encoded = encodeBody(media, value, parts);
  if (encoded === undefined) throw new Unmakeable(`the body cannot be made as ${media.type}`);
  return encoded;
}

function filesOf(
  { model: { schemas } }: RequestContract,
  { schema }: MediaType,
  random: Random,
): Set<string> {
  const { properties = new Map<string, Schema>() } = mergedSchema(schema, schemas, random);
  const isFile = (part: Schema): boolean => {
    const { format, items } = mergedSchema(part, schemas, random);
    return (
      format === 'binary' || (items !== undefined && mergedSchema(items, schemas, random).format === 'binary')
    );
  };
  return new Set([...properties].flatMap(([name, part]) => (isFile(part) ? [name] : [])));
}

/** An example that keeps the schema or, for later variants and where there is none, a value that does. */
function validValue(
  { judge, model }: RequestContract,
  schema: Schema,
  examples: readonly JsonValue[],
  place: string,
  { variant, known }: Wish,
  random: Random,
): JsonValue {
  const table = model.schemas;
  const own = [...examples, ...(mergedSchema(schema, table, random).examples ?? [])];
  const valid = own.filter((value) => judge.isValid(value, schema, 'request'));
  const example = valid[variant];
  if (example !== undefined) return example;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // What need not be there is left out of every second request, and when nothing else was valid.
    const whole = attempt < ATTEMPTS / 2 ? variant % 2 === 0 : attempt % 2 === 0;
    const extra = { left: whole ? MOST_EXTRA : 0 };
    const value = madeValue(schema, { table, random, extra, ...(known === undefined ? {} : { known }) });
    if (judge.isValid(value, schema, 'request')) return value;
  }
  const [other] = valid;
  if (other === undefined) throw new Unmakeable(`no valid value was found for ${place}`);
  return other;
}
