const ApiError = require('../api-error');

const check = (req, rights) =>
  new Promise((resolve, reject) => {
    const header = req.get('authorization') ?? '';
    if (!header.startsWith('Bearer ')) return reject(new ApiError(401, 'Sign in first'));
    if (rights.length > 0 && header !== 'Bearer admin') return reject(new ApiError(403, 'Not allowed'));
    resolve();
  });

module.exports =
  (...rights) =>
  async (req, _res, next) =>
    check(req, rights)
      .then(() => next())
      .catch((error) => next(error));
