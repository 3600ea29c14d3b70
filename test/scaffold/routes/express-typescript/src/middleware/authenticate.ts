import type { NextFunction, Request, Response } from 'express';
import { UnauthorizedError } from '../errors/http-error.ts';

export const authenticate = (req: Request, _res: Response, next: NextFunction): void => {
  const header = req.header('Authorization');
  if (!header?.startsWith('Bearer ')) throw new UnauthorizedError();
  next();
};
