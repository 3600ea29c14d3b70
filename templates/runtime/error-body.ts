// The one shape of every error answer: { error: { code, message, details }, meta: { requestId } }.
import type { ApiError, ErrorDetail } from '../errors.js';

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly ErrorDetail[];
  };
  readonly meta: { readonly requestId: string };
}

export interface ErrorAnswer {
  readonly type: string;
  readonly body: ErrorBody;
}

export const errorAnswer = (
  { code, message, details }: ApiError,
  requestId: string,
  _responses?: unknown,
): ErrorAnswer => ({
  type: 'application/json; charset=utf-8',
  body: { error: { code, message, details }, meta: { requestId } },
});
