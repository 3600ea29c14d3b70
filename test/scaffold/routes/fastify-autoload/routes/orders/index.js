const orders = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        summary: 'List orders',
        tags: ['orders'],
        querystring: {
          type: 'object',
          properties: {
            state: { type: 'string', enum: ['open', 'paid'] },
            limit: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
          },
        },
        response: { 200: { type: 'array', items: { $ref: 'order#' } } },
      },
    },
    async () => [{ id: '1', state: 'open' }],
  );

  fastify.post(
    '/',
    {
      preHandler: [fastify.authenticate],
      config: { rateLimit: { max: 100, timeWindow: '1 minute' } },
      schema: {
        operationId: 'createOrder',
        tags: ['orders'],
        body: {
          type: 'object',
          required: ['state'],
          additionalProperties: false,
          properties: { state: { type: 'string', enum: ['open', 'paid'] } },
        },
        response: { 201: { $ref: 'order#' } },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return { id: '2', state: request.body.state };
    },
  );
};

export default orders;
