import { type PreparedScenario, prepareScenario } from '../client/user-session.ts';
import { escapeInUrl, escapeNothing, fillBody, fillTemplate, type Row } from '../feeder.ts';
import { parseHeader, parseMethod } from '../request.ts';
import { buildScenario, needsScenario } from '../scenario/build.ts';
import type { Outgoing } from '../scenario/step-request.ts';
import type { LoadOptions } from '../settings.ts';
import { parseTarget } from '../target.ts';

/** One operation with the requests that stand for it, to be sent in turn. */
export interface ProbedOperation {
  readonly name: string;
  readonly requests: readonly Outgoing[];
}

/** What a run sends, operation by operation: each on its own, or as steps that rest on one another. */
export type ProbePlan =
  | { readonly kind: 'single'; readonly operations: readonly ProbedOperation[] }
  | { readonly kind: 'steps'; readonly scenario: PreparedScenario };

/** Rows of data beyond these stand for no more than they do. */
const MOST_ROWS = 50;

/** The requests of a run apart from one another. Errors: as runLoad. */
export function planProbe(options: LoadOptions): ProbePlan {
  if (needsScenario(options))
    return { kind: 'steps', scenario: prepareScenario(buildScenario(options, parseTarget(options.url))) };
  if (options.operations !== undefined) return { kind: 'single', operations: namedOperations(options) };
  const { url, body, data } = options;
  const method = parseMethod(options.method ?? (body === undefined ? 'GET' : 'POST'));
  const rows: readonly (Row | undefined)[] = data === undefined ? [undefined] : data.slice(0, MOST_ROWS);
  const requests = rows.map((row) => fill(options, method, row));
  const path =
    data === undefined ? new URL(url).pathname : url.replace(/^https?:\/\/[^/]+/i, '').replace(/\?.*$/, '');
  return { kind: 'single', operations: [{ name: `${method} ${path}`, requests }] };
}

/** Of each operation that is sent at all, a few requests; what can be sent only once is left to the load. */
function namedOperations({ operations = [], headers = [] }: LoadOptions): ProbedOperation[] {
  const named = new Map<string, Outgoing[]>();
  for (const { name, method, path, headers: own, body, weight, once } of operations) {
    const known = named.get(name) ?? [];
    if (weight <= 0 || once === true || known.length >= MOST_ROWS) continue;
    const said = new Set(own.map(([key]) => key.toLowerCase()));
    const all = [...headers.filter(([key]) => !said.has(key.toLowerCase())), ...own];
    named.set(name, [...known, { method, path, headers: all, ...(body === undefined ? {} : { body }) }]);
  }
  return [...named].map(([name, requests]) => ({ name, requests }));
}

function fill({ url, headers = [], body }: LoadOptions, method: string, row: Row | undefined): Outgoing {
  const path = parseTarget(row === undefined ? url : fillTemplate(url, row, escapeInUrl)).path;
  const own =
    row === undefined
      ? headers
      : headers.map(([name, value]) => parseHeader(`${name}: ${fillTemplate(value, row, escapeNothing)}`));
  if (body === undefined) return { method, path, headers: own };
  return { method, path, headers: own, body: row === undefined ? Buffer.from(body) : fillBody(body, row) };
}
