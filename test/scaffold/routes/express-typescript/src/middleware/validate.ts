import type { NextFunction, Request, Response } from 'express';
import type { ZodType } from 'zod';

/** Holds parts of a request to a schema. */
export const validate =
  (schema: ZodType) =>
  (req: Request, _res: Response, next: NextFunction): void => {
    try {
      schema.parse({ body: req.body, query: req.query, params: req.params });
      next();
    } catch (error) {
      next(error);
    }
  };
