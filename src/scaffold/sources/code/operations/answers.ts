import { STATUS_CODES } from 'node:http';
import type { FoundResponse } from '../../../describe/contract.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json.ts';
import { ANY_TYPE, FILE } from '../handlers/media-types.ts';
import type { Answer } from '../handlers/trace.ts';
import type { SchemaContext } from '../schemas/context.ts';
import { schemaOfTerm } from '../schemas/terms.ts';
import { schemaOfValue } from '../schemas/value-schema.ts';
import { schemaOfType, union } from '../types/schema.ts';
import { choice, optionsOf, type TypeReference, UNKNOWN, type Value } from '../value.ts';

export const describeStatus = (status: string): string => {
  if (status === 'default') return 'Any other answer';
  return STATUS_CODES[status] ?? (/^[1-5]XX$/.test(status) ? `Status ${status}` : `Status ${status}`);
};

/**
 * What a route's functions were seen to answer, by status; `type` is what a good answer is said to be, `declared` what
 * the route's own schemas say.
 */
export function seenResponses(
  answers: readonly Answer[],
  type: TypeReference | undefined,
  declared: readonly FoundResponse[],
  framework: string,
  context: SchemaContext,
): FoundResponse[] {
  const isDeclared = ({ status }: Answer): boolean =>
    declared.some((one) => one.status === String(status) || one.status === `${String(status)[0]}XX`);
  const found = new Map<string, Map<string, JsonObject[]>>();
  for (const answer of answers) {
    const status = String(answer.status);
    const content = found.get(status) ?? new Map<string, JsonObject[]>();
    found.set(status, content);
    if (hasNoBody(answer)) continue;
    // Of what is declared only the media type is asked for, where somebody says it.
    if (isDeclared(answer) && answer.mediaType === undefined) continue;
    for (const [mediaType, schema] of contentOf(answer, type, framework, context))
      content.set(mediaType, [...(content.get(mediaType) ?? []), schema]);
  }
  return [...found].map(([status, content]) => ({
    status,
    description: describeStatus(status),
    content: new Map([...content].map(([mediaType, schemas]) => [mediaType, union(schemas)])),
  }));
}

function hasNoBody({ status, body }: Answer): boolean {
  if (body === undefined) return true;
  return typeof status === 'number' && (status < 200 || status === 204 || status === 205 || status === 304);
}

const JSON_TYPE = 'application/json';

/** What an answer's body is sent as, with the schema of each media type that it may have. */
function contentOf(
  answer: Answer,
  type: TypeReference | undefined,
  framework: string,
  context: SchemaContext,
): (readonly [mediaType: string, schema: JsonObject])[] {
  const { body = UNKNOWN, mediaType, status } = answer;
  const isGood = status !== 'default' && status >= 200 && status < 300;
  const declared = type !== undefined && isGood ? schemaOfType(type, context) : {};
  if (mediaType !== undefined) return [[mediaType, answerSchema(answer, mediaType, declared, context)]];
  if (isTold(declared)) return [[mediaTypeOfSchema(declared, framework, context), declared]];
  const byType = new Map<string, Value[]>();
  for (const option of optionsOf(body)) {
    if (isUndefined(option) && body.kind === 'choice') continue;
    const usual = usualMediaType(option, framework, context);
    byType.set(usual, [...(byType.get(usual) ?? []), option]);
  }
  return [...byType].map(([usual, options]) => {
    const part = byType.size === 1 ? body : choice(options);
    return [usual, answerSchema({ ...answer, body: part }, usual, declared, context)];
  });
}

const isUndefined = (value: Value): boolean => value.kind === 'constant' && value.value === undefined;

const isTold = (schema: JsonObject | undefined): schema is JsonObject =>
  schema !== undefined && Object.keys(schema).length > 0;

/** What frameworks send texts as when nobody says. Koa looks whether they begin as HTML does. */
function textType(text: string | undefined, framework: string): string {
  if (framework === 'express') return 'text/html';
  if (framework === 'fastify') return 'text/plain';
  if (text === undefined) return 'text/*';
  return /^\s*</.test(text) ? 'text/html' : 'text/plain';
}

/** What a framework makes of a body when nobody says: of anything, where the body may be anything. */
function usualMediaType(value: Value, framework: string, context: SchemaContext): string {
  if (value.kind === 'object' || value.kind === 'list') return JSON_TYPE;
  if (value.kind === 'constant')
    return typeof value.value === 'string' ? textType(value.value, framework) : JSON_TYPE;
  const said = context.interpreter.said.get(value);
  if (value.kind === 'input' && said === undefined) {
    // What stands in the path and in headers is text, all of the query is an object.
    if (value.path.length === 0) return JSON_TYPE;
    return value.part === 'body' || value.part === 'query' ? ANY_TYPE : textType(undefined, framework);
  }
  // A date is text to JSON alone.
  if (value.kind === 'call' && value.construct)
    return isTold(schemaOfValue(value, context)) ? JSON_TYPE : ANY_TYPE;
  return mediaTypeOfSchema(schemaOfValue(value, context) ?? {}, framework, context);
}

function mediaTypeOfSchema(schema: JsonObject, framework: string, { named }: SchemaContext): string {
  const types = new Set<string>();
  const collect = (part: JsonValue | undefined, left: number): void => {
    if (!isJsonObject(part) || left === 0) return void types.add('any');
    const { $ref, type, anyOf, oneOf, allOf } = part;
    const values = 'const' in part ? [part['const']] : part['enum'];
    if (typeof $ref === 'string') collect(named.schemas.get($ref.split('/').at(-1) ?? ''), left - 1);
    else if (typeof type === 'string') types.add(type);
    else if (Array.isArray(type)) for (const one of type) types.add(String(one));
    else if (Array.isArray(values)) for (const value of values) types.add(typeof value);
    else if (Array.isArray(anyOf) || Array.isArray(oneOf))
      for (const one of [anyOf, oneOf].flat()) one !== undefined && collect(one, left - 1);
    else types.add(Array.isArray(allOf) || 'properties' in part ? 'object' : 'any');
  };
  collect(schema, 20);
  if (types.has('any')) return ANY_TYPE;
  if (!types.has('string')) return JSON_TYPE;
  return types.size === 1 ? textType(undefined, framework) : ANY_TYPE;
}

function answerSchema(
  { body, status, origin }: Answer,
  mediaType: string,
  declared: JsonObject,
  context: SchemaContext,
): JsonObject {
  if (mediaType !== ANY_TYPE && !/json$/.test(mediaType))
    return /^text\//.test(mediaType) ? { type: 'string' } : {};
  if (body === FILE) return {};
  const known = body === undefined ? undefined : schemaOfValue(body, context);
  if (isTold(declared)) return declared;
  if (known !== undefined) return known;
  context.interpreter.report(
    'SCF076',
    'info',
    `the body of the ${status} answer cannot be told: its schema allows everything`,
    origin,
  );
  return {};
}

/** Fastify's `response` schemas: by status, `2xx` or `default`. */
export function declaredResponses(schema: Value | undefined, context: SchemaContext): FoundResponse[] {
  const declared = schema?.kind === 'object' ? schema.properties.get('response') : undefined;
  if (declared?.kind !== 'object') return [];
  return [...declared.properties].flatMap(([name, value]): FoundResponse[] => {
    const status = /^[1-5]xx$/i.test(name) ? name.toUpperCase() : name;
    if (!/^(?:[1-5]\d\d|[1-5]XX|default)$/.test(status)) return [];
    const byType = value.kind === 'object' ? value.properties.get('content') : undefined;
    if (value.kind === 'object' && byType?.kind === 'object')
      return [contentResponse(status, value, byType, context)];
    const { description, ...rest } = schemaOfTerm(value, context);
    const isNothing = rest['type'] === 'null' || Object.keys(rest).length === 0 || status === '204';
    return [
      {
        status,
        description: typeof description === 'string' ? description : describeStatus(status),
        content: isNothing
          ? new Map()
          : new Map([[rest['type'] === 'string' ? 'text/plain' : JSON_TYPE, rest]]),
      },
    ];
  });
}

function contentResponse(
  status: string,
  value: Extract<Value, { kind: 'object' }>,
  byType: Extract<Value, { kind: 'object' }>,
  context: SchemaContext,
): FoundResponse {
  const text = value.properties.get('description');
  const content = [...byType.properties].flatMap(([mediaType, media]): [string, JsonObject][] => {
    const schema = media.kind === 'object' ? media.properties.get('schema') : undefined;
    return schema === undefined ? [] : [[mediaType, schemaOfTerm(schema, context)]];
  });
  return {
    status,
    description: text?.kind === 'constant' ? String(text.value) : describeStatus(status),
    content: new Map(content),
  };
}
