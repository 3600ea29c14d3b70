const fp = require('fastify-plugin');

module.exports = fp(async (fastify) => {
  fastify.decorateRequest('needsRole', function needsRole(reply, role) {
    if (this.headers['x-role'] !== role) reply.code(403).send({ message: `For ${role} alone` });
  });
});
