const root = async (fastify) => {
  fastify.get('/', async () => ({ root: true }));
};

export default root;
