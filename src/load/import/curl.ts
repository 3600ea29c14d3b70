// A curl command, as browsers copy it, as load options. It is read, never run.
import { UserError } from '../../core/errors.ts';
import { type Header, parseHeader } from '../request.ts';
import type { LoadOptions } from '../settings.ts';
import { splitShellWords } from './shell-words.ts';

/** What a curl command says of a load test. */
export type CurlOptions = Pick<
  LoadOptions,
  'url' | 'method' | 'headers' | 'body' | 'verifyTls' | 'http2' | 'follow' | 'socketPath'
>;

interface Draft {
  readonly urls: string[];
  readonly headers: Header[];
  readonly data: string[];
  method?: string;
  asQuery?: boolean;
  insecure?: boolean;
  http2?: boolean;
  location?: boolean;
  most?: number;
  socketPath?: string;
}

/** What an option does with its value. */
type Apply = (draft: Draft, value: string) => void;

function set<Key extends 'method' | 'most' | 'socketPath'>(
  key: Key,
  read: (text: string) => NonNullable<Draft[Key]>,
): Apply {
  return (draft, value) => {
    draft[key] = read(value);
  };
}

const flag =
  (key: 'asQuery' | 'insecure' | 'http2' | 'location') =>
  (draft: Draft): void => {
    draft[key] = true;
  };

const header =
  (name: string): Apply =>
  ({ headers }, value) =>
    void headers.push(parseHeader(`${name}: ${value}`));

const data: Apply = ({ data: parts }, value) => {
  if (value.startsWith('@'))
    fail(`it reads the body from ${value.slice(1)}`, 'Give the body with --body @FILE.');
  parts.push(value);
};

const encoded: Apply = ({ data: parts }, value) => {
  const [, name, text = value] = /^([^=@]*)=([\s\S]*)$/.exec(value) ?? [];
  if (name === undefined && value.includes('@')) fail('it reads a field from a file', 'Write the field out.');
  parts.push(name ? `${name}=${encodeURIComponent(text)}` : encodeURIComponent(text));
};

const json: Apply = (draft, value) => {
  data(draft, value);
  draft.headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json']);
};

/** Those with a value; null: it changes nothing that a load test does. */
const VALUED: Readonly<Record<string, Apply | null>> = {
  '--request': set('method', String),
  '--header': ({ headers }, value) => {
    // `Name:` takes a header of curl's own away; `Name;` sends it empty.
    if (/^[^:]+:\s*$/.test(value)) return;
    headers.push(parseHeader(value.replace(/^([^:;]+);$/, '$1:')));
  },
  '--data': data,
  '--data-ascii': data,
  '--data-binary': data,
  '--data-raw': ({ data: parts }, value) => void parts.push(value),
  '--data-urlencode': encoded,
  '--json': json,
  '--user-agent': header('User-Agent'),
  '--referer': header('Referer'),
  '--cookie': (draft, value) => {
    if (!value.includes('=')) fail(`it reads cookies from ${value}`, 'Write the cookies out.');
    header('Cookie')(draft, value);
  },
  '--user': basicAuthorization,
  '--oauth2-bearer': (draft, value) => header('Authorization')(draft, `Bearer ${value}`),
  '--url': ({ urls }, value) => void urls.push(value),
  '--max-redirs': set('most', Number),
  '--max-time': null,
  '--unix-socket': set('socketPath', String),
  '--output': null,
  '--write-out': null,
  '--connect-timeout': null,
  '--retry': null,
};

const BARE: Readonly<Record<string, ((draft: Draft) => void) | null>> = {
  '--get': flag('asQuery'),
  '--head': (draft) => set('method', String)(draft, 'HEAD'),
  '--insecure': flag('insecure'),
  '--http2': flag('http2'),
  '--http2-prior-knowledge': flag('http2'),
  '--location': flag('location'),
  '--compressed': ({ headers }) => void headers.push(['Accept-Encoding', 'deflate, gzip, br']),
  '--http1.1': null,
  '--silent': null,
  '--show-error': null,
  '--verbose': null,
  '--include': null,
  '--fail': null,
  '--globoff': null,
  '--no-buffer': null,
};

const LONG_NAME: Readonly<Record<string, string>> = {
  X: '--request',
  H: '--header',
  d: '--data',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  u: '--user',
  m: '--max-time',
  o: '--output',
  w: '--write-out',
  G: '--get',
  I: '--head',
  k: '--insecure',
  L: '--location',
  s: '--silent',
  S: '--show-error',
  v: '--verbose',
  i: '--include',
  f: '--fail',
  g: '--globoff',
  N: '--no-buffer',
};

// How many curl follows when it is asked to (curl(1), --max-redirs).
const USUAL_REDIRECTS = 50;

function basicAuthorization(draft: Draft, value: string): void {
  header('Authorization')(draft, `Basic ${Buffer.from(value).toString('base64')}`);
}

function fail(why: string, help?: string): never {
  throw new UserError('LOAD015', `the curl command cannot be used: ${why}`, {
    kind: 'usage',
    help: help ?? 'Give one curl command as a browser copies it; it is read, never run.',
  });
}

/** Reads a curl command. Errors: LOAD002 for a header, LOAD015 for what is not one or what a load test cannot do. */
export function parseCurl(text: string): CurlOptions {
  const split = splitShellWords(text);
  if ('refused' in split) return fail(`it holds ${split.refused}`);
  const [program, ...words] = split.words;
  if (program?.replace(/^.*\//, '') !== 'curl') fail('it does not begin with curl');
  const draft: Draft = { urls: [], headers: [], data: [] };
  for (let rest = words; rest.length > 0; ) rest = readWord(draft, rest);
  return optionsOf(draft);
}

/** Applies the first word, and the next where it is its value; returns the others. */
function readWord(draft: Draft, [word = '', ...rest]: readonly string[]): string[] {
  if (!word.startsWith('-') || word === '-') {
    draft.urls.push(word);
    return rest;
  }
  if (word.startsWith('--')) return applyOption(draft, word, rest);
  // -sSL is -s -S -L, and -XPOST is -X POST.
  const name = LONG_NAME[word[1] ?? ''] ?? word.slice(0, 2);
  const behind = word.slice(2);
  if (behind === '') return applyOption(draft, name, rest);
  if (Object.hasOwn(VALUED, name)) return applyOption(draft, name, [behind, ...rest]);
  return applyOption(draft, name, [`-${behind}`, ...rest]);
}

function applyOption(draft: Draft, name: string, rest: readonly string[]): string[] {
  if (Object.hasOwn(BARE, name)) {
    BARE[name]?.(draft);
    return [...rest];
  }
  if (!Object.hasOwn(VALUED, name)) fail(`the option ${name} has no meaning for a load test`);
  const [value, ...others] = rest;
  if (value === undefined) return fail(`the option ${name} has no value`);
  VALUED[name]?.(draft, value);
  return others;
}

function optionsOf({ urls, headers, data: parts, ...draft }: Draft): CurlOptions {
  const [given, second] = urls;
  if (given === undefined) return fail('it has no URL');
  if (second !== undefined) fail(`it has two URLs, and ${JSON.stringify(second)} is the second`);
  const url = /^[a-z]+:\/\//i.test(given) ? given : `http://${given}`;
  const text = parts.length === 0 ? undefined : parts.join('&');
  const body = draft.asQuery ? undefined : text;
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const form: Header = ['Content-Type', 'application/x-www-form-urlencoded'];
  return {
    url: draft.asQuery && text !== undefined ? `${url}${url.includes('?') ? '&' : '?'}${text}` : url,
    headers: body !== undefined && !typed ? [...headers, form] : headers,
    ...(draft.method === undefined ? {} : { method: draft.method }),
    ...(body === undefined ? {} : { body }),
    ...(draft.insecure ? { verifyTls: false } : {}),
    ...(draft.http2 ? { http2: true } : {}),
    ...(draft.location ? { follow: draft.most ?? USUAL_REDIRECTS } : {}),
    ...(draft.socketPath === undefined ? {} : { socketPath: draft.socketPath }),
  };
}
