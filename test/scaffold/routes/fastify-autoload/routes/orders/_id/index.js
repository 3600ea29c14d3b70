const order = async (fastify) => {
  fastify.get('/', async (request, reply) => {
    if (request.params.id !== '1') {
      return reply.code(404).send({ message: 'no such order' });
    }
    return { id: request.params.id, state: 'open' };
  });

  fastify.route({
    method: ['PUT', 'PATCH'],
    url: '/state',
    onRequest: fastify.authenticate,
    handler: async (_request, reply) => reply.status(204).send(),
  });
};

export default order;
