// The scenario of a run: steps from a file, or the one request of the command line as a step.
import { UserError } from '../../core/errors.ts';
import { namesIn, type Row } from '../feeder.ts';
import { parseMethod } from '../request.ts';
import type { LoadOptions } from '../settings.ts';
import type { Target } from '../target.ts';
import type { Scenario, Step } from './scenario.ts';

/** Whether the options ask for what only a scenario does: steps, cookies, redirects. */
export const needsScenario = ({ operations, steps, cookies, follow = 0 }: LoadOptions): boolean =>
  operations === undefined && (steps !== undefined || cookies === true || follow > 0);

/** Errors: LOAD005 for what does not go with it, LOAD011 for a name without a value. */
export function buildScenario(options: LoadOptions, target: Target): Scenario {
  refuseUnfit(options);
  const { steps, data = [], cookies = false, follow = 0, headers = [] } = options;
  const own = steps?.map((step): Step => ({ ...step, headers: [...headers, ...step.headers] }));
  const all = own ?? [stepOfOptions(options)];
  checkNames(all, data);
  return {
    steps: all,
    rows: data,
    cookies,
    newVisitors: steps !== undefined,
    follow,
    authority: target.authority,
    origin: new URL(target.url).origin,
  };
}

function refuseUnfit({ steps, body, method, streams = 1, pipeline = 1, expectRateLimit }: LoadOptions): void {
  const unfit = Object.entries({
    streams: streams > 1,
    pipeline: pipeline > 1,
    'expect-rate-limit': expectRateLimit === true,
    body: steps !== undefined && body !== undefined,
    method: steps !== undefined && method !== undefined,
  }).find(([, given]) => given);
  if (unfit === undefined) return;
  throw new UserError('LOAD013', `${unfit[0]} does not go with steps, cookies or redirects`, {
    kind: 'usage',
    help: 'Each connection is a user, who sends one request at a time; leave one of the two out.',
  });
}

function stepOfOptions({ url, method, headers = [], body }: LoadOptions): Step {
  const [, path = '/'] = /^https?:\/\/[^/?#]*([^#]*)/i.exec(url) ?? [];
  return {
    name: 'request',
    method: parseMethod(method ?? (body === undefined ? 'GET' : 'POST')),
    path: path.startsWith('/') ? path : `/${path}`,
    headers,
    ...(body === undefined ? {} : { body }),
    captures: [],
  };
}

/** Every `{{name}}` has a value when its step comes: from the data, or from a step before. */
function checkNames(steps: readonly Step[], rows: readonly Row[]): void {
  const known = new Set(Object.keys(rows[0] ?? {}));
  for (const { name, path, headers, body, captures } of steps) {
    const texts = [path, ...headers.map(([, value]) => value), ...(typeof body === 'string' ? [body] : [])];
    const unknown = texts.flatMap(namesIn).find((wanted) => !known.has(wanted));
    if (unknown !== undefined) {
      throw new UserError('LOAD011', `step ${name} uses {{${unknown}}}, which nothing gives a value`, {
        kind: 'usage',
        help: 'Name a column of --data, or capture it in an earlier step.',
      });
    }
    for (const capture of captures) known.add(capture.name);
  }
}
