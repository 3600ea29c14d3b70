const params = { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } };

module.exports = async (fastify) => {
  fastify.get('/', { schema: { params } }, async (request, reply) => {
    if (request.params.id > 1) return { id: 2, text: 'hello' };
    return reply.code(404).send({ message: 'No such note' });
  });
  fastify.delete(
    '/',
    { schema: { params }, preHandler: async (request, reply) => request.needsRole(reply, 'editor') },
    async (_request, reply) => reply.code(204).send(),
  );
};
