// What there is to say about an error, in whatever words it is said.
import { STATUS_CODES } from 'node:http';
import type { ApiError, ErrorDetail } from '../errors.js';

export interface ErrorFacts {
  readonly status: number;
  /** The status in words: `Not Found`. */
  readonly title: string;
  readonly code: string;
  readonly message: string;
  /** The field or parameter that is wrong; empty where the error is about none. */
  readonly field: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

export const factsOf = ({ status, code, message, details }: ApiError, requestId: string): ErrorFacts => ({
  status,
  title: STATUS_CODES[status] ?? 'Error',
  code,
  message,
  field: '',
  details,
  requestId,
  timestamp: new Date().toISOString(),
});

/** The error once for each field that is wrong. */
export const detailsOf = (error: ErrorFacts): readonly ErrorFacts[] =>
  error.details.map(({ field, message }) => ({ ...error, field, message, details: [] }));

/** The error once for each field that is wrong; once as it is where it is about none. */
export const partsOf = (error: ErrorFacts): readonly ErrorFacts[] =>
  error.details.length === 0 ? [error] : detailsOf(error);
