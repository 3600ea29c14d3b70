import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bookingSchema, createBookingSchema, errorSchema } from './schemas.ts';

const ID = '6b1a0a62-8f1e-4f4e-9a1c-3f2b6a1d0c11';

export const bookings: FastifyPluginAsyncZod = async (app) => {
  app.route({
    method: 'GET',
    url: '/bookings',
    schema: {
      tags: ['bookings'],
      summary: 'List bookings',
      querystring: z.object({ nights: z.coerce.number().min(1).optional(), guest: z.string().optional() }),
      response: { 200: z.object({ items: z.array(bookingSchema), total: z.number().int() }) },
    },
    handler: async () => ({ items: [{ id: ID, guest: 'Ada', nights: 2, notes: null }], total: 1 }),
  });

  app.post(
    '/bookings',
    {
      schema: {
        tags: ['bookings'],
        body: createBookingSchema,
        response: { 201: bookingSchema, 409: errorSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ ...request.body, id: ID, notes: request.body.notes ?? null }),
  );

  app.get(
    '/bookings/:bookingId',
    {
      schema: {
        tags: ['bookings'],
        params: z.object({ bookingId: z.uuid() }),
        response: { 200: bookingSchema, 404: errorSchema.describe('There is no such booking') },
      },
    },
    async (request, reply) => {
      if (request.params.bookingId !== ID) return reply.code(404).send({ message: 'no such booking' });
      return { id: ID, guest: 'Ada', nights: 2, notes: null };
    },
  );
};
