import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AutoLoad from '@fastify/autoload';
import fastify from 'fastify';

const here = dirname(fileURLToPath(import.meta.url));

export function build() {
  const app = fastify();
  app.register(AutoLoad, { dir: join(here, 'plugins') });
  app.register(AutoLoad, { dir: join(here, 'routes'), routeParams: true, options: { prefix: '/v1' } });
  return app;
}
