import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import { type LoadOptions, parseDuration, parseHeader, runLoad } from '../../../load/index.ts';
import type { FlagValues, Invocation, Outcome } from '../../command.ts';
import type { Host } from '../../host.ts';
import { loadDocument, renderLoad } from '../../render/load.ts';
import { progressLine } from '../../render/load-progress.ts';
import { styleFor } from '../../render/style.ts';
import type { LOAD_FLAGS } from './flags.ts';

type LoadFlags = typeof LOAD_FLAGS;

/** `senior-backend load`. Exit `failed` when not one request succeeded. */
export async function run({ host, positionals, flags, common }: Invocation<LoadFlags>): Promise<Outcome> {
  const options = await readOptions(host, positionals[0] ?? '', flags);
  const progress = common.quiet || common.json ? undefined : progressLine(host);
  const result = await runLoad(options, host.signal, (state) => progress?.show(state)).finally(() =>
    progress?.clear(),
  );
  const document = loadDocument(result);
  if (flags.output !== undefined) await writeDocument(host, flags.output, document);
  return {
    exit: result.requests.successful === 0 ? 'failed' : 'ok',
    document,
    text: renderLoad(result, { style: styleFor(host, 'stdout', common.color), verbose: common.verbose }),
  };
}

async function readOptions(host: Host, url: string, flags: FlagValues<LoadFlags>): Promise<LoadOptions> {
  const { method, body, requests } = flags;
  return {
    url,
    headers: flags.header.map(parseHeader),
    connections: flags.concurrency,
    duration: parseDuration('--duration', flags.duration),
    timeout: parseDuration('--timeout', flags.timeout),
    verifyTls: !flags['no-verify-ssl'],
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body: await readBody(host, body) }),
    ...(requests === undefined ? {} : { requests }),
  };
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
