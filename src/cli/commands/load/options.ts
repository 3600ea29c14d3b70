import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import {
  type Header,
  type LoadOptions,
  parseDuration,
  parseHeader,
  parseRows,
  parseScenario,
  type Stage,
} from '../../../load/index.ts';
import type { FlagValues } from '../../command.ts';
import type { Host } from '../../host.ts';
import type { LOAD_FLAGS } from './flags.ts';

export type LoadFlags = typeof LOAD_FLAGS;

/**
 * The flags as options of the capability, without the URL. Errors: LOAD002, LOAD005, LOAD006, LOAD011, LOAD012.
 */
export async function readOptions(
  host: Host,
  flags: FlagValues<LoadFlags>,
): Promise<Omit<LoadOptions, 'url'>> {
  const { stages } = flags;
  const statuses = flags['expect-status'];
  return {
    headers: [...flags.header.map(parseHeader), ...authorization(flags)],
    timeout: parseDuration('--timeout', flags.timeout),
    verifyTls: !flags['no-verify-ssl'],
    expectRateLimit: flags['expect-rate-limit'],
    thresholds: flags.threshold,
    engine: flags.engine,
    http2: flags.http2,
    ...(await readFiles(host, flags)),
    ...given({
      method: flags.method,
      connections: flags.concurrency,
      requests: flags.requests,
      socketPath: flags['unix-socket'] === undefined ? undefined : resolve(host.cwd, flags['unix-socket']),
      threads: flags.threads,
      streams: flags.streams,
      pipeline: flags.pipeline,
      follow: flags.follow,
      rate: flags.rate,
      stages: stages === undefined ? undefined : parseStages(stages),
      duration: optionalDuration('--duration', flags.duration),
      warmup: optionalDuration('--warmup', flags.warmup),
      ramp: optionalDuration('--ramp', flags.ramp),
      expectStatus: statuses.length === 0 ? undefined : statuses.map(parseStatus),
    }),
    ...(flags.cookies ? { cookies: true } : {}),
  };
}

/** What flags name by file: body, rows, steps, certificates, the secret. */
async function readFiles(host: Host, flags: FlagValues<LoadFlags>): Promise<Partial<LoadOptions>> {
  const { body, data, steps } = flags;
  const text = async (file: string): Promise<string> => (await readInput(host, file)).toString('utf8');
  const scenario = steps === undefined ? undefined : parseScenario(await text(steps), steps);
  return given({
    body: body === undefined ? undefined : await readBody(host, body),
    data: data === undefined ? undefined : parseRows(await text(data), data),
    steps: scenario?.steps,
    cookies: scenario?.cookies,
    oauth: await readOAuth(host, flags),
    ca: await optionalText(host, flags.ca),
    certificate: await optionalText(host, flags.cert),
    key: await optionalText(host, flags.key),
  });
}

async function readOAuth(host: Host, flags: FlagValues<LoadFlags>): Promise<LoadOptions['oauth']> {
  const [tokenUrl, clientId, secret] = [flags['oauth2-url'], flags['oauth2-id'], flags['oauth2-secret']];
  const scope = flags['oauth2-scope'];
  if ([tokenUrl, clientId, secret, scope].every((value) => value === undefined)) return undefined;
  if (tokenUrl === undefined || clientId === undefined || secret === undefined) {
    throw new UserError('LOAD005', 'a token needs --oauth2-url, --oauth2-id and --oauth2-secret', {
      kind: 'usage',
      help: 'Give all three.',
    });
  }
  const clientSecret = secret.startsWith('@')
    ? (await readInput(host, secret.slice(1))).toString('utf8').trim()
    : secret;
  return { tokenUrl, clientId, clientSecret, ...(scope === undefined ? {} : { scope }) };
}

const optionalText = async (host: Host, file: string | undefined): Promise<string | undefined> =>
  file === undefined ? undefined : (await readInput(host, file)).toString('utf8');

const optionalDuration = (name: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(name, text);

function authorization({ bearer, user }: FlagValues<LoadFlags>): Header[] {
  return [
    ...(bearer === undefined ? [] : [parseHeader(`Authorization: Bearer ${bearer}`)]),
    ...(user === undefined
      ? []
      : [parseHeader(`Authorization: Basic ${Buffer.from(user).toString('base64')}`)]),
  ];
}

/** Without what was not given: the capability has its own defaults. */
function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // Leaving entries out changes no type but that of the absent ones, which TypeScript cannot see.
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

function parseStages(text: string): Stage[] {
  return text.split(',').map((part) => {
    const [, duration = '', rate = ''] = /^\s*([^:]+):(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    return { duration: parseDuration('--stages', duration), rate: Number(rate) };
  });
}

function parseStatus(text: string): number {
  if (/^[1-9]\d\d$/.test(text)) return Number(text);
  throw new UserError('LOAD005', `--expect-status is ${JSON.stringify(text)}`, {
    kind: 'usage',
    help: 'Give a status of three digits, such as 400.',
  });
}

/** The body itself, or what `@FILE` and `@-` stand for. */
async function readBody(host: Host, text: string): Promise<string | Uint8Array> {
  if (!text.startsWith('@')) return text;
  if (text === '@-') return host.readStdin();
  return readInput(host, text.slice(1));
}

/** A file that the command line names. Errors: LOAD006. */
export async function readInput(host: Host, file: string): Promise<Buffer> {
  try {
    return await readFile(resolve(host.cwd, file));
  } catch (error) {
    throw new UserError('LOAD006', `${file} cannot be read (${systemErrorCode(error)})`, { kind: 'usage' });
  }
}
