import type { Task } from '../schemas/task.ts';

export class TaskService {
  readonly #tasks = new Map<string, Task>([['1', { id: '1', title: 'Write', done: false }]]);

  async list(limit: number): Promise<Task[]> {
    return [...this.#tasks.values()].slice(0, limit);
  }

  async find(id: string): Promise<Task | undefined> {
    return this.#tasks.get(id);
  }

  async create(title: string): Promise<Task> {
    const task: Task = { id: String(this.#tasks.size + 1), title, done: false };
    this.#tasks.set(task.id, task);
    return task;
  }
}
