import type { Sent } from './exchange.ts';

/** A row of the table: a request, and what every framework must answer to it. */
export interface Case extends Sent {
  readonly is: string;
  readonly status: number;
  /** Headers the answer must have; `undefined` for those that it must not have. */
  readonly answerHeaders?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The JSON document answered. */
  readonly json?: unknown;
  /** The text answered, where it is not JSON. */
  readonly text?: string;
  readonly error?: ExpectedError;
}

interface ExpectedError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly (readonly [field: string, message: string])[];
}

/** A body of a media type. */
export const typed = (type: string, body: string | Uint8Array): Pick<Sent, 'headers' | 'body'> => ({
  headers: { 'content-type': type },
  body,
});

export const jsonBody = (value: unknown): Pick<Sent, 'headers' | 'body'> =>
  typed('application/json', JSON.stringify(value));

/** The answer to a request with these fields wrong. */
export const invalid = (
  ...details: readonly (readonly [string, string])[]
): Pick<Case, 'status' | 'error'> => ({
  status: 400,
  error: { code: 'VALIDATION_ERROR', message: 'The request does not match the contract', details },
});

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** The answer of a handler that sends back what it was given. */
export const given = (json: unknown): Pick<Case, 'status' | 'json' | 'answerHeaders'> => ({
  status: 200,
  json,
  answerHeaders: JSON_TYPE,
});

export const NOT_FOUND: Pick<Case, 'status' | 'error'> = {
  status: 404,
  error: { code: 'NOT_FOUND', message: 'There is nothing at this path' },
};

export const UNREADABLE: Pick<Case, 'status' | 'error'> = {
  status: 400,
  error: { code: 'BAD_REQUEST', message: 'The request cannot be read' },
};

export const INTERNAL: Pick<Case, 'status' | 'error'> = {
  status: 500,
  error: { code: 'INTERNAL_ERROR', message: 'Internal server error' },
};

/** The answer to a method that the path does not have. */
export const notAllowed = (allow: string): Pick<Case, 'status' | 'error' | 'answerHeaders'> => ({
  status: 405,
  error: { code: 'METHOD_NOT_ALLOWED', message: 'The path does not answer this method' },
  answerHeaders: { allow },
});
