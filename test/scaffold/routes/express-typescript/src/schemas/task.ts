import { z } from 'zod';

export const taskSchema = z.object({
  id: z.string(),
  title: z.string().min(1).max(100),
  done: z.boolean(),
  priority: z.enum(['low', 'high']).optional(),
});

export const createTaskSchema = z.object({
  body: z.object({
    title: z.string().min(1).max(100),
    priority: z.enum(['low', 'high']).optional(),
  }),
});

export const listTasksSchema = z.object({
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).optional(),
    done: z.enum(['true', 'false']).optional(),
  }),
});

export type Task = z.infer<typeof taskSchema>;
