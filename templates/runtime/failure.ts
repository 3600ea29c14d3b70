// What a client is told of an error, and how an error is found again.
import type { IncomingHttpHeaders } from 'node:http';
import { toApiError } from '../errors.js';
import type { Options } from './contract.js';
import { ERROR_TYPE, errorBody } from './error-body.js';
import type { PreparedReply } from './reply.js';

/** The answer to a thrown value. What the client is not to blame for is reported. */
export function failureReply(thrown: unknown, requestId: string, options: Options): PreparedReply {
  const told = toApiError(thrown);
  const isOurs = told.code === 'INTERNAL_ERROR' || told.cause !== undefined;
  if (told.status >= 500 && isOurs) reportError(thrown, requestId, options);
  return {
    status: told.status,
    headers: { ...told.headers, 'content-type': ERROR_TYPE },
    payload: JSON.stringify(errorBody(told, requestId)),
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
