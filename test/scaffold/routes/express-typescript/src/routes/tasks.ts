import { Router } from 'express';
import { TaskController } from '../controllers/task-controller.ts';
import { asyncHandler } from '../middleware/async-handler.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { validate } from '../middleware/validate.ts';
import { createTaskSchema, listTasksSchema } from '../schemas/task.ts';
import { TaskService } from '../services/task-service.ts';

/** Makes the router of tasks. */
export function taskRouter(): Router {
  const router = Router();
  const controller = new TaskController(new TaskService());

  router.get('/', validate(listTasksSchema), asyncHandler(controller.list));
  router.post('/', authenticate, validate(createTaskSchema), asyncHandler(controller.create));
  router.get('/:taskId', asyncHandler(controller.read));
  router.delete('/:taskId', authenticate, controller.remove);

  return router;
}
