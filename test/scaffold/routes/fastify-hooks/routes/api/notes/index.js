const NOTE = { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } };

module.exports = async (fastify) => {
  fastify.get('/', { schema: { response: { 200: { type: 'array', items: NOTE } } } }, async () => []);
  fastify.get('/export', async (_request, reply) => {
    reply.header('content-type', 'text/csv');
    return reply.send('id,text\n');
  });
};
