import type { FastifyPluginAsync } from 'fastify';

interface Params {
  id: string;
}

interface Order {
  id: string;
  state: 'open' | 'paid';
  paidAt?: string;
}

const order: FastifyPluginAsync = async (fastify) => {
  fastify.get<{ Params: Params; Reply: Order | { message: string } }>('/', async (request, reply) => {
    if (request.params.id !== '1') {
      return reply.code(404).send({ message: 'no such order' });
    }
    return { id: request.params.id, state: 'open' };
  });

  fastify.route<{ Params: Params }>({
    method: ['PUT', 'PATCH'],
    url: '/state',
    onRequest: fastify.authenticate,
    handler: async (_request, reply) => reply.status(204).send(),
  });
};

export default order;
