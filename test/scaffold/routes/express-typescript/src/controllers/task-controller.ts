import type { Request, Response } from 'express';
import { NotFoundError } from '../errors/http-error.ts';
import type { Task } from '../schemas/task.ts';
import type { TaskService } from '../services/task-service.ts';

interface TaskParams {
  taskId: string;
}

interface CreateTask {
  title: string;
  priority?: 'low' | 'high';
}

export class TaskController {
  private readonly tasks: TaskService;

  constructor(tasks: TaskService) {
    this.tasks = tasks;
    this.create = this.create.bind(this);
  }

  /** List tasks */
  list = async (req: Request, res: Response): Promise<void> => {
    const tasks = await this.tasks.list(Number(req.query['limit'] ?? 20));
    res.json({ data: tasks, count: tasks.length });
  };

  /**
   * Read a task
   * @deprecated Use the list.
   */
  read = async (req: Request<TaskParams>, res: Response<Task>): Promise<void> => {
    const task = await this.tasks.find(req.params.taskId);
    if (!task) throw new NotFoundError('Task');
    res.json(task);
  };

  async create(req: Request<object, Task, CreateTask>, res: Response<Task>): Promise<void> {
    const task = await this.tasks.create(req.body.title);
    res.status(201).location(`/api/v1/tasks/${task.id}`).json(task);
  }

  remove = (_req: Request, res: Response): void => {
    res.status(204).end();
  };
}
