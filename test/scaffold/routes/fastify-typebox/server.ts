import Fastify, { type FastifyInstance } from 'fastify';
import people from './routes/people.ts';

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
      api.get('/ping', async () => 'pong');
    },
    { prefix: V1 },
  );

  return server;
}
