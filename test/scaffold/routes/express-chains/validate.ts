import type { NextFunction, Request, Response } from 'express';
import { type ValidationChain, validationResult } from 'express-validator';

/** Answers 400 when a chain in front has refused something. */
export function checked(req: Request, res: Response, next: NextFunction): void {
  const errors = validationResult(req);
  if (errors.isEmpty()) {
    next();
    return;
  }
  res
    .status(400)
    .type('application/problem+json')
    .json({ title: 'Wrong request', fields: errors.array().length });
}

export const validate =
  (chains: readonly ValidationChain[]) =>
  async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    for (const chain of chains) await chain.run(req);
    checked(req, res, next);
  };
