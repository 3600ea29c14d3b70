import express from 'express';
import { body, checkSchema, matchedData, param, query } from 'express-validator';
import { checked, validate } from './validate.ts';

const page = [
  query('start').optional().isInt({ min: 0 }),
  query('count').optional().isInt({ min: 1, max: 50 }),
  checked,
];

const price = checkSchema({
  amount: { in: ['body'], isFloat: { options: { gt: 0 } } },
  currency: { in: ['body'], isIn: { options: [['EUR', 'USD']] } },
  note: { in: 'body', optional: true, isLength: { options: { max: 20 } } },
});

export function createApp(): express.Express {
  const app = express();
  app.use(express.json());

  app.get('/rooms', page, (_req: express.Request, res: express.Response) => {
    res.json({ total: 0, rooms: [] });
  });

  app.post(
    '/rooms',
    validate([
      body('name').trim().notEmpty(),
      body('beds').isInt({ min: 1 }),
      body('tags').optional().isArray({ max: 3 }),
      body('tags.*').isString(),
      body('owner.email').isEmail(),
    ]),
    (req, res) => {
      res.status(201).json({ id: 'r1', name: String(req.body.name) });
    },
  );

  app.put(
    '/rooms/:roomId/price',
    param('roomId').isUUID(),
    price,
    checked,
    (req: express.Request, res: express.Response) => {
      res.json({ room: String(req.params['roomId']), asked: matchedData(req) });
    },
  );

  return app;
}
