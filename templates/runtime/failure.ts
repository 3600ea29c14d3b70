// What a client is told of an error, and how an error is found again.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { toApiError } from '../errors.js';
import type { BuiltContract, Options } from './contract.js';
import { errorAnswer } from './error-body.js';
import type { PreparedReply } from './reply.js';

/** The operations that requests failed in: frameworks hand errors on without them. */
const failedIn = new WeakMap<IncomingMessage, BuiltContract>();

/** Remembers which operation could not answer a request: its contract may say how errors look. */
export const rememberFailure = (request: IncomingMessage, contract: BuiltContract): void => {
  failedIn.set(request, contract);
};

/** The answer to a thrown value. What the client is not to blame for is reported. */
export function failureReply(
  thrown: unknown,
  request: IncomingMessage,
  requestId: string,
  options: Options,
): PreparedReply {
  const told = toApiError(thrown);
  if (told.status >= 500 && told.code === 'INTERNAL_ERROR') reportError(thrown, requestId, options);
  const { type, body } = errorAnswer(told, requestId, failedIn.get(request)?.responses);
  return {
    status: told.status,
    headers: { ...told.headers, 'content-type': type },
    payload: JSON.stringify(body),
  };
}

/** Reports an error that becomes a 500: to the application, or else to standard error. */
export function reportError(error: unknown, requestId: string, { onError }: Options): void {
  if (onError !== undefined) onError(error, requestId);
  // biome-ignore lint/suspicious/noConsole: the last resort, so that no error of a handler is lost.
  else console.error(`[${requestId}]`, error);
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The client's own request id where it is harmless, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : crypto.randomUUID();
}
