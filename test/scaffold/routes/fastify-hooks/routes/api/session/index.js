const body = {
  type: 'object',
  required: ['email'],
  properties: { email: { type: 'string', format: 'email' } },
};

module.exports = async (fastify) => {
  fastify.post('/', { schema: { body } }, async (request, reply) => {
    reply.code(201);
    return { email: String(request.body.email) };
  });
};
