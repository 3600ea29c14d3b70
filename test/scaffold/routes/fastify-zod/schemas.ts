import { z } from 'zod';

export const bookingSchema = z.object({
  id: z.uuid(),
  guest: z.string().min(2),
  nights: z.int().min(1).max(30),
  notes: z.string().nullable(),
});

export const createBookingSchema = bookingSchema.omit({ id: true }).extend({ notes: z.string().optional() });

export const errorSchema = z.object({ message: z.string() });
