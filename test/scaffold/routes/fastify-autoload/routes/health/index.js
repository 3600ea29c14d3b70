export const autoPrefix = '/healthz';

export default async function health(fastify) {
  fastify.get('/', { logLevel: 'silent' }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'up', checks: [] };
  });
}
