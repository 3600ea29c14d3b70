import { type Request, type Response, Router } from 'express';
import type { Routes } from '../interfaces/routes.ts';

const requireKey = (req: Request, res: Response, next: () => void): void => {
  if (req.get('x-api-key') !== 'key') {
    res.status(403).json({ message: 'Forbidden' });
    return;
  }
  next();
};

export class StatusRoute implements Routes {
  public path = '/status';
  public router = Router();

  constructor() {
    this.router.use(this.path, requireKey);
    this.router.route(this.path).get(this.read).head(this.head);
  }

  private read(_req: Request, res: Response): void {
    res.type('text/plain').send('fine');
  }

  private head(_req: Request, res: Response): void {
    res.end();
  }
}
