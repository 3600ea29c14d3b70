import express from 'express';
import { z } from 'zod';
import * as tasks from './tasks.ts';

const router = express.Router();

const Paths = {
  Tasks: '/tasks',
  Echo: '/echo',
} as const;

const Echo = z.object({ message: z.string(), at: z.iso.datetime().optional() });

router.use(Paths.Tasks, tasks.taskRouter());

router.post(Paths.Echo, (req, res) => {
  const result = Echo.safeParse(req.body);
  if (!result.success) {
    return res.status(422).json({ errors: result.error.issues.map((issue) => issue.message) });
  }
  return res.json(result.data);
});

export default router;
