// The one shape of every error answer: problem details (RFC 9457).
import { STATUS_CODES } from 'node:http';
import type { ApiError, ErrorDetail } from '../errors.js';

export interface ErrorBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors: readonly ErrorDetail[];
  readonly requestId: string;
}

export interface ErrorAnswer {
  readonly type: string;
  readonly body: ErrorBody;
}

export const errorAnswer = (
  { status, code, message, details }: ApiError,
  requestId: string,
  _responses?: unknown,
): ErrorAnswer => ({
  type: 'application/problem+json; charset=utf-8',
  body: {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    errors: details,
    requestId,
  },
});
