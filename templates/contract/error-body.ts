// Error answers as the contract describes them. Where it describes none that can hold the error, the
// envelope: { error: { code, message, details }, meta: { requestId } }.
import type { ApiError } from '../errors.js';
import type { Media } from '../runtime/body.js';
import type { ResponseContract } from '../runtime/contract.js';
import { type ErrorFacts, factsOf } from '../runtime/error-facts.js';
import { usualError } from '../validators.js';

export interface ErrorAnswer {
  readonly type: string;
  readonly body: unknown;
}

/** A schema of the contract with its media type. */
type Described = readonly [type: string, media: Media];

/** The operation's own answer for the status, else its answer for other errors, else the service's usual one. */
export function errorAnswer(error: ApiError, requestId: string, responses?: ResponseContract): ErrorAnswer {
  const facts = factsOf(error, requestId);
  const described = describedFor(error.status, responses);
  const filled = described === undefined ? undefined : fill(described, facts);
  if (filled !== undefined) return filled;
  const { code, message, details } = facts;
  return {
    type: 'application/json; charset=utf-8',
    body: { error: { code, message, details }, meta: { requestId } },
  };
}

function describedFor(status: number, responses: ResponseContract | undefined): Described | undefined {
  if (responses === undefined) return usualError();
  const statuses = Object.keys(responses);
  const errors = statuses.filter((key) => /^[45]/.test(key));
  // A contract with no other answer than `default` describes success by it.
  if (statuses.some((key) => /^[23]/.test(key))) errors.push('default');
  const nearest = [String(status), `${Math.floor(status / 100)}XX`, 'default'];
  for (const key of nearest) {
    const described = errors.includes(key) ? jsonOf(responses, key) : undefined;
    if (described !== undefined) return described;
  }
  for (const key of errors) {
    const described = jsonOf(responses, key);
    if (described?.[1].fill !== undefined) return described;
  }
  return usualError();
}

function jsonOf(responses: ResponseContract, key: string): Described | undefined {
  return Object.entries(responses[key] ?? {}).find(([, { kind }]) => kind === 'json');
}

/** The body, where the schema accepts it: what it says of lengths, for one, is known only now. */
function fill([type, { schema, fill: filler }]: Described, facts: ErrorFacts): ErrorAnswer | undefined {
  const body = filler?.(facts);
  if (body === undefined || !schema.safeParse(body).success) return undefined;
  return { type: `${type.includes('*') ? 'application/json' : type}; charset=utf-8`, body };
}
