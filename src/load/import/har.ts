// A recording of a browser (HTTP Archive 1.2) as steps. The format is the de-facto one of the W3C Web
// Performance group: https://w3c.github.io/web-performance/specs/HAR/Overview.html
import { UserError } from '../../core/errors.ts';
import type { Header } from '../request.ts';
import { parseHeader, parseMethod } from '../request.ts';
import type { Step } from '../scenario/scenario.ts';

/** What was taken out of a recording. */
export interface HarSteps {
  /** The origin that the steps were recorded on. */
  readonly origin: string;
  readonly steps: readonly Step[];
  /** Requests to other hosts, which are not sent. */
  readonly leftOut: number;
}

/** What a client writes itself, and what belongs to one recording only. */
const LEFT_OUT =
  /^(:.*|host|connection|keep-alive|proxy-.*|transfer-encoding|content-length|upgrade|te|cookie)$/i;

const MOST_STEPS = 1000;

/**
 * The recorded requests to one origin, in their order: `origin`, or that of the first one. Requests to
 * other hosts are left out: they belong to somebody else. Errors: LOAD016.
 */
export function parseHar(text: string, name: string, origin?: string): HarSteps {
  const fail = (why: string): never => {
    throw new UserError('LOAD016', `${name} cannot be used: ${why}`, {
      kind: 'usage',
      help: 'Export one from the network tab of a browser; requests to other hosts than the URL are left out.',
    });
  };
  const requests = entriesOf(text, fail).flatMap((entry) => recordedOf(entry) ?? []);
  const [first] = requests;
  if (first === undefined) return fail('it holds no request over http or https');
  const wanted =
    origin !== undefined && requests.some(({ url }) => url.origin === origin) ? origin : first.url.origin;
  const own = requests.filter(({ url }) => url.origin === wanted);
  if (own.length > MOST_STEPS) fail(`it holds ${own.length} requests, the most are ${MOST_STEPS}`);
  return { origin: wanted, steps: own.map(({ step }) => step), leftOut: requests.length - own.length };
}

interface Recorded {
  readonly url: URL;
  readonly step: Step;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function entriesOf(text: string, fail: (why: string) => never): readonly unknown[] {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    fail('it is not JSON');
  }
  const { entries } = fieldsOf(fieldsOf(document)['log']);
  return Array.isArray(entries) ? entries : fail('it has no log with entries');
}

function recordedOf(entry: unknown): Recorded | undefined {
  const { method, url: address, headers, postData } = fieldsOf(fieldsOf(entry)['request']);
  if (typeof address !== 'string' || typeof method !== 'string' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol) || method.toUpperCase() === 'CONNECT') return undefined;
  const path = withoutPlaces(url.pathname + url.search);
  const body = bodyOf(fieldsOf(postData));
  return {
    url,
    step: {
      name: `${method.toUpperCase()} ${url.pathname}`,
      method: parseMethod(method),
      path,
      headers: listOf(headers).flatMap(headerOf),
      ...(body === undefined ? {} : { body }),
      captures: [],
    },
  };
}

/** Braces of the recording are not places to be filled. */
const withoutPlaces = (path: string): string => path.replaceAll('{', '%7B').replaceAll('}', '%7D');

function headerOf(entry: unknown): Header[] {
  const { name, value } = fieldsOf(entry);
  if (typeof name !== 'string' || typeof value !== 'string' || LEFT_OUT.test(name)) return [];
  // A recorded value with a place to fill is left out: it would be filled, or refused.
  if (/\{\{.*\}\}/.test(value)) return [];
  try {
    return [parseHeader(`${name}: ${value}`)];
  } catch {
    return [];
  }
}

/** As bytes, so that nothing in it is taken for a place to be filled. */
function bodyOf({ text, params, encoding }: Fields): Uint8Array | undefined {
  if (typeof text === 'string' && text !== '')
    return Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
  const fields = listOf(params).flatMap((param): [string, string][] => {
    const { name, value } = fieldsOf(param);
    return typeof name === 'string' ? [[name, typeof value === 'string' ? value : '']] : [];
  });
  return fields.length === 0 ? undefined : Buffer.from(new URLSearchParams(fields).toString());
}
