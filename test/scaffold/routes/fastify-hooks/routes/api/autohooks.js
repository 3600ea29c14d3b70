module.exports = async (fastify) => {
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/session')) return;
    if (request.headers.authorization !== 'Bearer secret') {
      return reply.code(401).send({ message: 'Sign in first' });
    }
  });
};
