import express, { type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import { errorHandler } from './middleware/error-handler.ts';
import routes from './routes/index.ts';

export function createApp(): Express {
  const app = express();
  app.use(express.json());
  app.use('/api/v1', rateLimit({ windowMs: 60_000, limit: 1000 }), routes);
  app.get('/health', (_req, res) => {
    res.status(200).send({ status: 'ok', uptime: process.uptime() });
  });
  app.use(errorHandler);
  return app;
}
