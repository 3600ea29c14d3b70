import { memberOf } from '../interpret/members.ts';
import { isTrue } from '../interpret/operators.ts';
import { markPlatformError } from '../interpret/platform-errors.ts';
import type { FoundRoute } from '../routes.ts';
import { constant, type ObjectValue, UNKNOWN, type Value } from '../value.ts';

/** Schemas of texts alone let every path through. */
const ASKS = /number|integer|boolean|format|pattern|uuid|min|max|enum|literal|regex|coerce|int\b/i;

/** The error that Fastify raises for requests that a route's schema refuses; undefined when it refuses none. */
export function validationError({ options, site }: FoundRoute): Value | undefined {
  if (options?.kind !== 'object') return undefined;
  const schema = memberOf(options, 'schema', site);
  if (
    schema.kind !== 'object' ||
    isTrue(options.properties.get('attachValidation') ?? constant(false)) === true
  )
    return undefined;
  const parts = ['body', 'querystring', 'query', 'headers'].filter((part) => schema.properties.has(part));
  if (parts.length === 0 && !mayRefusePath(schema.properties.get('params'))) return undefined;
  const error: ObjectValue = {
    kind: 'object',
    properties: new Map<string, Value>([
      ['name', constant('Error')],
      ['statusCode', constant(400)],
      ['code', constant('FST_ERR_VALIDATION')],
      ['message', { kind: 'unknown' }],
      ['validation', { kind: 'list', items: [UNKNOWN], open: true }],
      ['validationContext', { kind: 'unknown' }],
    ]),
    open: true,
  };
  return markPlatformError(error, 'Error');
}

function mayRefusePath(params: Value | undefined): boolean {
  const origin = params?.kind === 'object' || params?.kind === 'call' ? params.origin : undefined;
  return origin !== undefined && ASKS.test(origin.file.text.slice(origin.node.start, origin.node.end));
}
