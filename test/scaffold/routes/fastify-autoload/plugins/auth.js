import fp from 'fastify-plugin';

/** Requests that write need a token. */
export default fp(async (fastify) => {
  fastify.decorate('authenticate', async (request, reply) => {
    if (request.headers.authorization !== 'Bearer secret') {
      return reply.code(401).send({ statusCode: 401, error: 'Unauthorized', message: 'No token' });
    }
    return undefined;
  });
  fastify.addSchema({
    $id: 'order',
    type: 'object',
    required: ['id', 'state'],
    properties: { id: { type: 'string' }, state: { type: 'string', enum: ['open', 'paid'] } },
  });
});
