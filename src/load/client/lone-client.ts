// Sends one request at a time and tells when its parts came: the load's own client counts, this one looks.
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { type RequestOptions, Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { completeHeaders, type Header } from '../request.ts';
import type { Outgoing } from '../scenario/step-request.ts';
import type { Endpoint } from './wire.ts';

/** One answer; times in milliseconds from sending the request. */
export interface LoneAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: readonly Header[];
  readonly body: Buffer;
  /** Bytes of the body, also of what was not kept. */
  readonly bytes: number;
  readonly firstByteMs: number;
  readonly lastByteMs: number;
}

/** Bytes of a body beyond these are counted and not kept. */
const MOST_KEPT = 64 << 20;

/** One connection to the service that is kept open, HTTP/1.1. */
export class LoneClient {
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  readonly #agent: PlainAgent | TlsAgent;

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent = endpoint.target.tls ? new TlsAgent(options) : new PlainAgent(options);
  }

  /** Milliseconds on the clock that all of it is measured by. */
  now(): number {
    return performance.now();
  }

  /** Sends one request; undefined when there was no whole answer in time. */
  send({ method, path, headers, body }: Outgoing, signal: AbortSignal): Promise<LoneAnswer | undefined> {
    const { target, tls, address, socketPath } = this.#endpoint;
    const spec = { method, headers, ...(body === undefined ? {} : { body }) };
    const options: RequestOptions = {
      method,
      path,
      agent: this.#agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]),
      headers: completeHeaders(spec, target.authority).flat(),
      ...(socketPath === undefined ? { host: address, port: target.port } : { socketPath }),
      ...(target.tls
        ? {
            servername: target.host,
            rejectUnauthorized: tls.verify,
            ca: tls.ca,
            cert: tls.certificate,
            key: tls.key,
          }
        : {}),
    };
    return new Promise((resolve) => {
      const startedAt = performance.now();
      const request = (target.tls ? tlsRequest : plainRequest)(options, (answer) => {
        const firstByteMs = performance.now() - startedAt;
        readAnswer(answer, firstByteMs, startedAt).then(resolve, () => resolve(undefined));
      });
      request.on('error', () => resolve(undefined));
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function readAnswer(
  answer: IncomingMessage,
  firstByteMs: number,
  startedAt: number,
): Promise<LoneAnswer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_KEPT) kept.push(chunk);
  }
  const headers = answer.rawHeaders.flatMap((name, at): Header[] =>
    at % 2 === 0 ? [[name.toLowerCase(), answer.rawHeaders[at + 1] ?? '']] : [],
  );
  const lastByteMs = performance.now() - startedAt;
  return {
    status: answer.statusCode ?? 0,
    headers,
    body: Buffer.concat(kept),
    bytes,
    firstByteMs,
    lastByteMs,
  };
}

/** Milliseconds that it takes this process to read a JSON text and write it again; undefined for what is no JSON. */
export function priceOfJson(body: Buffer): number | undefined {
  const startedAt = performance.now();
  try {
    JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
  return performance.now() - startedAt;
}
