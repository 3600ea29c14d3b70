import Fastify from 'fastify';

export function build() {
  const app = Fastify();
  app.decorateRequest('client', null);
  app.addHook('onRequest', async (request) => {
    const key = request.headers['x-api-key'];
    if (key === 'key') request.client = { key };
  });
  app.get('/open', async () => ({ ok: true }));
  app.register(async (inner) => {
    inner.addHook('onRequest', async (request, reply) => {
      if (!request.client) await reply.code(401).send({ message: 'no key' });
    });
    inner.get('/closed', async () => ({ ok: true }));
  });
  return app;
}
