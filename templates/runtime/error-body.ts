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

export const ERROR_TYPE = 'application/json; charset=utf-8';

export const errorBody = ({ code, message, details }: ApiError, requestId: string): ErrorBody => ({
  error: { code, message, details },
  meta: { requestId },
});
