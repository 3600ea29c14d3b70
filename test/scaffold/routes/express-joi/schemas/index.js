const Joi = require('joi');

const notReserved = (value, { message }) => (value === 'root' ? message('reserved') : value);

module.exports = {
  list: {
    query: Joi.object().keys({
      role: Joi.string().valid('user', 'admin'),
      page: Joi.number().integer().min(1).default(1),
    }),
  },
  create: {
    body: Joi.object().keys({
      name: Joi.string().required().custom(notReserved),
      email: Joi.string().email().required(),
      age: Joi.number().integer().min(18),
    }),
  },
  show: { params: { memberId: Joi.string().alphanum().required() } },
};
