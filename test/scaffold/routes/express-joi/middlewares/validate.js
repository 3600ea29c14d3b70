const Joi = require('joi');
const ApiError = require('../api-error');
const pick = require('./pick');

const PARTS = ['params', 'query', 'body'];

module.exports = (schema) => (req, _res, next) => {
  const parts = pick(schema, PARTS);
  const given = { params: req.params, query: req.query, body: req.body };
  const { error } = Joi.compile(parts)
    .prefs({ abortEarly: false })
    .validate(pick(given, Object.keys(parts)));
  if (error) return next(new ApiError(400, error.details.map(({ message }) => message).join(', ')));
  return next();
};
