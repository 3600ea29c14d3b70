import { STATUS_CODES } from 'node:http';
import type { FoundResponse } from '../../../describe/contract.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Answer } from '../handlers/trace.ts';
import { rootOf } from '../interpret/calls.ts';
import type { SchemaContext } from '../schemas/context.ts';
import { schemaOfTerm } from '../schemas/terms.ts';
import { schemaOfValue } from '../schemas/value-schema.ts';
import { schemaOfType, union } from '../types/schema.ts';
import { optionsOf, type TypeReference, type Value } from '../value.ts';

export const describeStatus = (status: string): string => {
  if (status === 'default') return 'Any other answer';
  return STATUS_CODES[status] ?? (/^[1-5]XX$/.test(status) ? `Status ${status}` : `Status ${status}`);
};

/** What a route's functions were seen to answer, by status; `type` is what the answer is declared to be. */
export function seenResponses(
  answers: readonly Answer[],
  type: TypeReference | undefined,
  framework: string,
  context: SchemaContext,
): FoundResponse[] {
  const found = new Map<string, Map<string, JsonObject[]>>();
  for (const answer of answers) {
    const status = String(answer.status);
    const content = found.get(status) ?? new Map<string, JsonObject[]>();
    found.set(status, content);
    if (hasNoBody(answer)) continue;
    const mediaType = answer.mediaType ?? usualMediaType(answer.body, framework);
    if (mediaType === undefined) continue;
    const schema = answerSchema(answer, mediaType, type, context);
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

/** What a framework makes of a body when nobody says; undefined when that depends on what it is. */
function usualMediaType(body: Value | undefined, framework: string): string | undefined {
  const kinds = new Set(optionsOf(body ?? { kind: 'unknown' }).map((option) => mediaKind(option, framework)));
  const [only, other] = kinds;
  return other === undefined ? only : undefined;
}

function mediaKind(value: Value, framework: string): string | undefined {
  if (value.kind === 'object' || value.kind === 'list') return JSON_TYPE;
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return framework === 'express' ? 'text/html' : 'text/plain';
  }
  if (value.kind === 'constant') return JSON_TYPE;
  if (value.kind === 'unknown' && value.type !== undefined) {
    if (value.type.node.type === 'TSStringKeyword')
      return framework === 'express' ? 'text/html' : 'text/plain';
    return JSON_TYPE;
  }
  return rootOf(value)?.kind === 'external' || value.kind === 'input' ? JSON_TYPE : undefined;
}

function answerSchema(
  { body, status, origin }: Answer,
  mediaType: string,
  type: TypeReference | undefined,
  context: SchemaContext,
): JsonObject {
  if (!/json$/.test(mediaType)) return /^text\//.test(mediaType) ? { type: 'string' } : {};
  const isGood = status !== 'default' && status >= 200 && status < 300;
  const known = body === undefined ? undefined : schemaOfValue(body, context);
  const declared = type !== undefined && isGood ? schemaOfType(type, context) : undefined;
  if (declared !== undefined && Object.keys(declared).length > 0) return declared;
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
