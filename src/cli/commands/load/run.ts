import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import {
  type LoadOptions,
  type LoadResult,
  parseDuration,
  parseHeader,
  runLoad,
  type Stage,
} from '../../../load/index.ts';
import type { FlagValues, Invocation, Outcome } from '../../command.ts';
import type { ExitName } from '../../exit-codes.ts';
import type { Host } from '../../host.ts';
import { loadDocument, renderLoad } from '../../render/load.ts';
import { progressLine } from '../../render/load-progress.ts';
import { styleFor } from '../../render/style.ts';
import type { LOAD_FLAGS } from './flags.ts';

type LoadFlags = typeof LOAD_FLAGS;

/** `senior-backend load`. Exit `refused` when a check was not met, `failed` when no request succeeded. */
export async function run({ host, positionals, flags, common }: Invocation<LoadFlags>): Promise<Outcome> {
  const options = await readOptions(host, positionals[0] ?? '', flags);
  const progress = common.quiet || common.json ? undefined : progressLine(host);
  const result = await runLoad(options, host.signal, (state) => progress?.show(state)).finally(() =>
    progress?.clear(),
  );
  const document = loadDocument(result);
  if (flags.output !== undefined) await writeDocument(host, flags.output, document);
  return {
    exit: exitOf(result),
    document,
    text: renderLoad(result, { style: styleFor(host, 'stdout', common.color), verbose: common.verbose }),
  };
}

function exitOf({ checks, requests }: LoadResult): ExitName {
  if (checks.some(({ met }) => !met)) return 'refused';
  return requests.successful === 0 ? 'failed' : 'ok';
}

async function readOptions(host: Host, url: string, flags: FlagValues<LoadFlags>): Promise<LoadOptions> {
  const { body, stages } = flags;
  return {
    url,
    headers: flags.header.map(parseHeader),
    timeout: parseDuration('--timeout', flags.timeout),
    verifyTls: !flags['no-verify-ssl'],
    expectRateLimit: flags['expect-rate-limit'],
    thresholds: flags.threshold,
    ...given({
      method: flags.method,
      body: body === undefined ? undefined : await readBody(host, body),
      connections: flags.concurrency,
      requests: flags.requests,
      rate: flags.rate,
      stages: stages === undefined ? undefined : parseStages(stages),
      duration: optionalDuration('--duration', flags.duration),
      warmup: optionalDuration('--warmup', flags.warmup),
      ramp: optionalDuration('--ramp', flags.ramp),
      expectStatus: flags['expect-status'].length === 0 ? undefined : flags['expect-status'].map(parseStatus),
    }),
  };
}

const optionalDuration = (name: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(name, text);

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
  try {
    return await readFile(resolve(host.cwd, text.slice(1)));
  } catch (error) {
    throw new UserError('LOAD006', `the body ${text.slice(1)} cannot be read (${systemErrorCode(error)})`, {
      kind: 'usage',
    });
  }
}

async function writeDocument(host: Host, file: string, document: object): Promise<void> {
  try {
    await writeFile(resolve(host.cwd, file), `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new UserError('LOAD007', `the report ${file} cannot be written (${systemErrorCode(error)})`);
  }
}
