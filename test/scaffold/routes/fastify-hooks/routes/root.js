module.exports = async (fastify) => {
  fastify.get('/', async () => ({ name: 'notes' }));
};
