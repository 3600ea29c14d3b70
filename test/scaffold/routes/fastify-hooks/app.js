const { join } = require('node:path');
const autoload = require('@fastify/autoload');
const fastify = require('fastify');

exports.build = () => {
  const app = fastify();
  app.register(autoload, { dir: join(__dirname, 'plugins') });
  app.register(autoload, {
    dir: join(__dirname, 'routes'),
    autoHooks: true,
    cascadeHooks: true,
    routeParams: true,
  });
  app.setErrorHandler((error, _request, reply) => {
    reply.code(error.statusCode ?? 500);
    return { message: error.statusCode < 500 ? error.message : 'Something went wrong' };
  });
  return app;
};
