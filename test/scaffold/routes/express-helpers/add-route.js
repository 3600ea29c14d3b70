const answers = require('./answers');

const caught = (controller, failed) => {
  if (controller && controller.constructor.name !== 'AsyncFunction') return controller;
  return async (req, res, next) => {
    try {
      await controller(req, res, next);
    } catch (error) {
      failed(error, res);
    }
  };
};

/** A route with what all of them have in common: router, method, path, middleware where there is some, controller. */
exports.addRoute = (...args) => {
  const [router, method, path] = args;
  const middleware = args.length > 4 ? args[args.length - 2] : [];
  const controller = args[args.length - 1];
  router[method](
    path,
    ...middleware,
    caught(controller, (error, res) => answers.send(400, res, error)),
  );
};
