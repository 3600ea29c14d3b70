import type { NextFunction, Request, Response } from 'express';
import { ZodError } from 'zod';
import { HttpError } from '../errors/http-error.ts';

export interface ErrorBody {
  code: number;
  message: string;
}

export function errorHandler(err: Error, _req: Request, res: Response, _next: NextFunction): void {
  if (err instanceof ZodError) {
    res.status(400).json({ code: 400, message: err.message });
    return;
  }
  const status = err instanceof HttpError ? err.status : 500;
  const body: ErrorBody = { code: status, message: err.message };
  res.status(status).json(body);
}
