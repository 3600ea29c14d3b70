import type { NextFunction, Request, RequestHandler, Response } from 'express';

type Handler<P, A, B, Q> = (req: Request<P, A, B, Q>, res: Response<A>, next: NextFunction) => Promise<void>;

/** Hands what an async handler throws to Express. */
export const asyncHandler =
  <P, A, B, Q>(fn: Handler<P, A, B, Q>): RequestHandler<P, A, B, Q> =>
  (req, res, next) => {
    Promise.resolve(fn(req, res, next)).catch(next);
  };
