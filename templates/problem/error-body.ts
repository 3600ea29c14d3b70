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

export const ERROR_TYPE = 'application/problem+json; charset=utf-8';

export const errorBody = ({ status, code, message, details }: ApiError, requestId: string): ErrorBody => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: message,
  code,
  errors: details,
  requestId,
});
