const ApiError = require('../api-error');

const convert = (error, _req, _res, next) =>
  next(error instanceof ApiError ? error : new ApiError(500, error.message, false));

const answer = (error, _req, res, _next) => {
  const { statusCode, message } = error;
  res.status(statusCode).send({ code: statusCode, message });
};

module.exports = { convert, answer };
