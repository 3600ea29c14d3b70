const { Router } = require('express');

class NotFoundError extends Error {}

/** What controllers have in common: a router, and errors that are answered. */
class Controller {
  constructor() {
    this.router = Router();
  }

  get(path, handler) {
    this.route({ method: 'get', path, handler });
  }

  route({ method, path, handler, middleware = [] }) {
    this.router[method](path, ...middleware, this.#answered(handler.bind(this)));
  }

  #answered(handler) {
    return async (req, res) => {
      try {
        await handler(req, res);
      } catch (error) {
        const status = error instanceof NotFoundError ? 404 : 500;
        res.status(status).json({ message: error.message });
      }
    };
  }
}

module.exports = { Controller, NotFoundError };
