// The errors that handlers throw. runtime/error-body.ts says what clients see of them.

/** One thing that is wrong with a request. */
export interface ErrorDetail {
  /** The path of the field in the body, such as `items.0.name`, or the name of the parameter. */
  readonly field: string;
  readonly message: string;
}

/** An error that the client is told about. Throw it in a handler; anything else becomes a plain 500. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly details?: readonly ErrorDetail[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details ?? [];
    this.headers = options.headers ?? {};
  }
}

/** What a handler throws until it is written. */
export const notImplemented = (operation: string): ApiError =>
  new ApiError(501, 'NOT_IMPLEMENTED', `${operation} is not implemented`);

/** An answer of a handler that the contract does not allow: our fault, so the client learns nothing of it. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

const INTERNAL_ERROR = new ApiError(500, 'INTERNAL_ERROR', 'Internal server error');

/** What a client is told of a thrown value. Errors of the framework keep their status when it is the client's fault. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof Error)) return INTERNAL_ERROR;
  const status = 'status' in thrown ? thrown.status : 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return INTERNAL_ERROR;
  return new ApiError(status, 'BAD_REQUEST', 'The request cannot be read', { cause: thrown });
}
