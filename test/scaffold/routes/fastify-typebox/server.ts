import Fastify, { type FastifyInstance } from 'fastify';
import people from './routes/people.ts';

interface Order {
  id: string;
  state: 'open' | 'paid';
  paidAt?: string;
}

interface OrderRoute {
  Params: { id: string };
  Querystring: { expand?: boolean };
  Reply: Order | { message: string };
}

const V1 = '/api/v1';

export async function createServer(): Promise<FastifyInstance> {
  const server = Fastify({ ajv: { customOptions: { keywords: [] } } });

  server.addHook('onRequest', async (request, reply) => {
    if (request.headers['x-api-key'] === undefined) {
      await reply.code(401).send({ error: 'no key' });
    }
  });

  await server.register(
    async (api) => {
      api.register(people, { prefix: '/people' });
      api.get<OrderRoute>('/orders/:id', async (request, reply) => {
        if (request.params.id !== '1') return reply.code(404).send({ message: 'no such order' });
        return { id: request.params.id, state: 'open' };
      });
      api.get('/ping', async () => 'pong');
    },
    { prefix: V1 },
  );

  return server;
}
