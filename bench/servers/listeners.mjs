/** What node:http is given of an application, by framework. */
export const LISTENERS = {
  express: (app) => app,
  koa: (app) => app.callback(),
  fastify: async (app) => {
    await app.ready();
    return app.routing;
  },
};
