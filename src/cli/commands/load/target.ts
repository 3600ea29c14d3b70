import { UserError } from '../../../core/errors.ts';
import { type LoadOptions, parseCurl, parseHar } from '../../../load/index.ts';
import type { FlagValues } from '../../command.ts';
import type { Host } from '../../host.ts';
import { type LoadFlags, readInput, readOptions } from './options.ts';

/** What is to be loaded, and how many requests of a recording are not. */
export interface ReadTarget {
  readonly options: LoadOptions;
  readonly leftOut: number;
}

/** The URL with the flags, or what --curl or --har have in its place. Errors: as readOptions, LOAD015, LOAD016. */
export async function readTarget(
  host: Host,
  url: string | undefined,
  flags: FlagValues<LoadFlags>,
): Promise<ReadTarget> {
  const { curl, har, steps, spec } = flags;
  if ([curl, har, steps, spec].filter((value) => value !== undefined).length > 1)
    throw usage('--curl, --har, --steps and --spec say each what is sent', 'Give one of them.');
  const own = await readOptions(host, flags);
  if (curl !== undefined) return fromCurl(host, url, curl, own, flags);
  if (har !== undefined) return fromHar(host, url, har, own);
  if (url === undefined && spec !== undefined)
    throw usage('there is no URL', 'Say where the service is: a document may name hosts that are not yours.');
  if (url === undefined) throw usage('there is no URL', 'Give one, or --curl or --har.');
  return { options: { ...own, url }, leftOut: 0 };
}

/** What a flag says goes before what the command says. */
async function fromCurl(
  host: Host,
  url: string | undefined,
  curl: string,
  own: Omit<LoadOptions, 'url'>,
  flags: FlagValues<LoadFlags>,
): Promise<ReadTarget> {
  const text = curl.startsWith('@') ? (await readInput(host, curl.slice(1))).toString('utf8') : curl;
  const command = parseCurl(text);
  const given = new Set((own.headers ?? []).map(([name]) => name.toLowerCase()));
  const options: LoadOptions = {
    ...command,
    ...own,
    url: url ?? command.url,
    headers: [
      ...(command.headers ?? []).filter(([name]) => !given.has(name.toLowerCase())),
      ...(own.headers ?? []),
    ],
    verifyTls: own.verifyTls !== false && command.verifyTls !== false,
    http2: flags.http2 || command.http2 === true,
  };
  return { options, leftOut: 0 };
}

/** Recorded on the URL's host, or somewhere else: then the URL says where it is sent instead. */
async function fromHar(
  host: Host,
  url: string | undefined,
  file: string,
  own: Omit<LoadOptions, 'url'>,
): Promise<ReadTarget> {
  const wanted = url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
  const { origin, steps, leftOut } = parseHar((await readInput(host, file)).toString('utf8'), file, wanted);
  return { options: { cookies: true, ...own, url: url ?? origin, steps }, leftOut };
}

const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });
